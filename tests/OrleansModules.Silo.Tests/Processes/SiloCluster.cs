using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using OrleansModules.Core.Scopes;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Silo.Tests.Processes;

/// <summary>Three silos on a database of their own, on a server that a test may stop.</summary>
public sealed class SiloCluster : IAsyncLifetime
{
    private const int Size = 3;

    private readonly List<SiloProcess> _silos = [];
    private readonly int[] _processes = new int[Size];
    private readonly int[] _ports = FreePorts(2 * Size);

    public SiloCluster() => Network = new SiloNetwork(_ports[..Size], _ports[Size..], i => _processes[i]);

    public PostgresServer Server { get; } = PostgresServer.Start();

    internal IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>The network between the silos.</summary>
    internal SiloNetwork Network { get; }

    internal TestDatabase Database { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync(Server, empty: true);
        for (var i = 0; i < Size; i++)
        {
            _silos.Add(Start(i));
            await _silos[0].ReadyAsync(); // the first makes the tables
        }

        await Task.WhenAll(_silos.Select(s => s.ReadyAsync()));
    }

    public async Task DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        Network.Dispose();
        await Database.DisposeAsync();
        Server.Dispose();
    }

    /// <summary>Starts a silo again after it ended.</summary>
    internal async Task RestartAsync(int index)
    {
        await _silos[index].DisposeAsync();
        _silos[index] = await Start(index).ReadyAsync();
    }

    /// <summary>Sends a change to a silo.</summary>
    /// <returns>The version that it answered; null where it did not accept.</returns>
    internal async Task<MapVersion?> ChangeAsync(int silo, string path, object body, string? operation = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"/api/platform/{path}", UriKind.Relative)) { Content = JsonContent.Create(body) };
        if (operation is not null)
        {
            request.Headers.Add("Idempotency-Key", $"\"{operation}\"");
        }

        using var response = await _silos[silo].Client.SendAsync(request);
        return response.IsSuccessStatusCode ? Version(response) : null;
    }

    /// <summary>As <see cref="ChangeAsync"/>, but null as well where there was no answer.</summary>
    internal async Task<MapVersion?> TryChangeAsync(int silo, string path, object body, string operation)
    {
        try
        {
            return await ChangeAsync(silo, path, body, operation);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            return null; // the silo is gone, is starting, or does not answer
        }
    }

    /// <summary>Reads a map from a silo.</summary>
    internal Task<MapVersion> ReadAsync(int silo, string path, string query = "") => ReadAsync(_silos[silo], path, query);

    /// <summary>Reads a map from a silo.</summary>
    internal static async Task<MapVersion> ReadAsync(SiloProcess silo, string path, string query = "")
    {
        using var response = await silo.Client.GetAsync(new Uri($"/api/platform/{path}/modules{query}", UriKind.Relative));
        return response.EnsureSuccessStatusCode().Headers.ETag is null ? throw new InvalidOperationException("The answer has no version.") : Version(response);
    }

    /// <summary>Whether every silo says that all are active and answer.</summary>
    internal async Task<bool> IsCompleteAsync()
    {
        foreach (var silo in _silos)
        {
            try
            {
                using var document = JsonDocument.Parse(await silo.Client.GetStringAsync(new Uri("/api/platform/cluster", UriKind.Relative)));
                var silos = document.RootElement.GetProperty("silos").EnumerateArray();
                if (silos.Count(s => s.GetProperty("membership").ValueEquals("Active") && s.GetProperty("status").ValueKind == JsonValueKind.Object) != Size)
                {
                    return false;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                return false; // it is about to end
            }
        }

        return true;
    }

    /// <summary>A module, an organization and some workspaces.</summary>
    internal async Task FillAsync(int workspaces)
    {
        using var module = await _silos[0].Client.PutAsJsonAsync("/api/platform/modules/kb", new { name = "kb", displayName = "kb", config = new { limit = 0 } });
        module.EnsureSuccessStatusCode();
        await ChangeAsync(1, "orgs/acme", new { name = "Acme" });
        for (var i = 0; i < workspaces; i++)
        {
            Assert.NotNull(await ChangeAsync(i % Size, $"workspaces/w{i}", new { orgId = "acme" }));
        }
    }

    private SiloProcess Start(int index)
    {
        var silo = SiloProcess.Start(_ports[index], _ports[Size + index], Database.ConnectionString);
        _processes[index] = silo.Id;
        return silo;
    }

    private static MapVersion Version(HttpResponseMessage response) =>
        MapVersion.TryParse(response.Headers.ETag!.Tag.Trim('"'), out var version) ? version : throw new InvalidOperationException($"{response.Headers.ETag} is no version.");

    // Below the range from which connections get theirs: a silo keeps its port while it is down.
    private static int[] FreePorts(int count)
    {
        var ports = new HashSet<int>();
        while (ports.Count < count)
        {
            var port = Random.Shared.Next(15_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                ports.Add(port);
            }
            catch (SocketException)
            {
                // Taken: another.
            }
        }

        return [.. ports];
    }
}
