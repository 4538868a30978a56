using System.Collections.Concurrent;
using OrleansModules.Core.Scopes;
using OrleansModules.Silo.Tests.Processes;

namespace OrleansModules.Silo.Tests.Nemesis;

/// <summary>Clients of a cluster under faults: they send a change again, under its name, to any silo until it is acknowledged.</summary>
internal sealed class Clients(SiloCluster cluster, int workspaces)
{
    private readonly ConcurrentQueue<string> _acknowledged = new();
    private readonly ConcurrentQueue<string> _wentBack = new();

    /// <summary>Operations that were acknowledged.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>Reads that answered an older version than one before them, on one silo.</summary>
    public IReadOnlyCollection<string> WentBack => _wentBack;

    public async Task WriteAsync(int writer, CancellationToken stop)
    {
        var random = new Random(writer);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var (operation, path) = ($"op-{writer}-{i}-end", $"workspaces/w{random.Next(workspaces)}/modules/kb");
            while (!stop.IsCancellationRequested)
            {
                if (await TryAsync(() => cluster.ChangeAsync(random.Next(3), path, new { configOverrides = new { limit = (writer * 1_000_000) + i } }, operation)) is not null)
                {
                    _acknowledged.Enqueue(operation);
                    break;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    public async Task ReadAsync(int silo, CancellationToken stop)
    {
        var random = new Random(100 + silo);
        var seen = new Dictionary<(SiloProcess, string), MapVersion>();
        while (!stop.IsCancellationRequested)
        {
            var (process, path) = (cluster.Silos[silo], $"workspaces/w{random.Next(workspaces)}");
            if (await TryAsync(async () => (MapVersion?)await cluster.ReadAsync(silo, path)) is not { } version || !ReferenceEquals(process, cluster.Silos[silo]))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
                continue;
            }

            if (seen.TryGetValue((process, path), out var before) && !version.IsAtLeast(before))
            {
                _wentBack.Enqueue($"Silo {silo}, {path}: {before}, then {version}");
            }

            seen[(process, path)] = version;
        }
    }

    private static async Task<MapVersion?> TryAsync(Func<Task<MapVersion?>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            return null;
        }
    }
}
