using System.Text.Json;
using Npgsql;
using OrleansModules.Bench.Processes;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Bench.Cluster;

/// <summary>Silos in processes of their own, on a database of their own.</summary>
internal sealed class BenchCluster : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string _database;
    private readonly List<int> _ports = [];
    private readonly List<Probe> _probes = [];
    private readonly List<HttpProcess> _silos = [];

    private BenchCluster(string database) => _database = database;

    /// <summary>The silos.</summary>
    public IReadOnlyList<HttpProcess> Silos => _silos;

    /// <summary>What the runtimes of the silos count, in the same order.</summary>
    public IReadOnlyList<Probe> Probes => _probes;

    /// <summary>Makes a database, lets it be filled, and starts silos on it.</summary>
    /// <param name="server">Where.</param>
    /// <param name="name">The name of the database.</param>
    /// <param name="silos">How many.</param>
    /// <param name="fill">Gets the connection string.</param>
    public static async Task<BenchCluster> StartAsync(PostgresServer server, string name, int silos, Func<string, Task> fill)
    {
        await using (var source = NpgsqlDataSource.Create(server.ConnectionString()))
        await using (var create = source.CreateCommand($"create database {name}"))
        {
            await create.ExecuteNonQueryAsync();
        }

        await fill(server.ConnectionString(name));
        var cluster = new BenchCluster(server.ConnectionString(name));
        for (var i = 0; i < silos; i++)
        {
            cluster._ports.Add(HttpProcess.FreePort());
            cluster._probes.Add(new Probe());
            cluster._silos.Add(cluster.Start(i));
            await cluster._silos[0].ReadyAsync(); // the first makes the tables
        }

        await Task.WhenAll(cluster._silos.Select(s => s.ReadyAsync()));
        await cluster.CompleteAsync();
        return cluster;
    }

    /// <summary>Starts a silo again that was killed, and waits until all know each other.</summary>
    public async Task RestartAsync(int silo)
    {
        _silos[silo].Dispose();
        _silos[silo] = Start(silo);
        await _silos[silo].ReadyAsync();
        await CompleteAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var silo in _silos)
        {
            silo.Dispose();
        }
    }

    private HttpProcess Start(int silo) => HttpProcess.Silo(_ports[silo], _database, _probes[silo].Settings);

    private async Task CompleteAsync()
    {
        foreach (var silo in _silos)
        {
            while (await ActiveAsync(silo) != _silos.Count)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }

    private static async Task<int> ActiveAsync(HttpProcess silo)
    {
        using var document = JsonDocument.Parse(await silo.Client.GetStringAsync(new Uri("/api/platform/cluster", UriKind.Relative)));
        return document.RootElement.GetProperty("silos").EnumerateArray().Count(s => s.GetProperty("membership").ValueEquals("Active"));
    }
}
