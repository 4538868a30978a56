using System.Collections.Concurrent;
using OrleansModules.Core.Scopes;
using OrleansModules.Silo.Tests.Processes;

namespace OrleansModules.Silo.Tests.Nemesis;

/// <summary>Clients of a cluster under faults: they send a change again, under its name, to any silo until it is acknowledged, and read from every silo.</summary>
internal sealed class Clients(SiloCluster cluster, Disturbances disturbances, int workspaces)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<string> _acknowledged = new();
    private readonly ConcurrentQueue<string> _wentBack = new();
    private readonly ConcurrentQueue<string> _failedReads = new();
    private long _reads;

    /// <summary>Operations that were acknowledged.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>Reads that answered an older version than one before them, on one silo.</summary>
    public IReadOnlyCollection<string> WentBack => _wentBack;

    /// <summary>Reads without an answer from a silo that no fault had touched and that lived on.</summary>
    public IReadOnlyCollection<string> FailedReads => _failedReads;

    /// <summary>Reads that were answered.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    public async Task WriteAsync(int writer, CancellationToken stop)
    {
        var random = new Random(writer);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var (operation, path) = ($"op-{writer}-{i}-end", $"workspaces/w{random.Next(workspaces)}/modules/kb");
            var limit = (writer * 1_000_000) + i;
            await Eventually.TrueAsync(async () => stop.IsCancellationRequested || await TryAsync(operation, path, limit), Patience);
        }

        async Task<bool> TryAsync(string operation, string path, int limit)
        {
            if (await cluster.TryChangeAsync(random.Next(3), path, new { configOverrides = new { limit } }, operation) is null)
            {
                return false;
            }

            _acknowledged.Enqueue(operation);
            return true;
        }
    }

    public async Task ReadAsync(int silo, CancellationToken stop)
    {
        var random = new Random(100 + silo);
        var seen = new Dictionary<(SiloProcess, string), MapVersion>();
        while (!stop.IsCancellationRequested)
        {
            var (process, path) = (cluster.Silos[silo], $"workspaces/w{random.Next(workspaces)}");
            var undisturbed = disturbances.Mark(silo);
            try
            {
                var version = await SiloCluster.ReadAsync(process, path);
                Interlocked.Increment(ref _reads);
                if (seen.TryGetValue((process, path), out var before) && !version.IsAtLeast(before))
                {
                    _wentBack.Enqueue($"Silo {silo}, {path}: {before}, then {version}");
                }

                seen[(process, path)] = version;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                await FailedAsync(silo, process, undisturbed, e, stop);
            }
        }
    }

    private async Task FailedAsync(int silo, SiloProcess process, long? undisturbed, Exception failure, CancellationToken stop)
    {
        if (undisturbed is not { } mark || disturbances.Mark(silo) != mark)
        {
            await Eventually.TrueAsync(() => Task.FromResult(stop.IsCancellationRequested || disturbances.Mark(silo) is not null), Patience);
            return;
        }

        // A silo that others gave up while they could not hear it ends itself: then nobody is there to answer.
        try
        {
            await Eventually.TrueAsync(() => Task.FromResult(process.HasEnded), EndsWithin);
        }
        catch (TimeoutException)
        {
            _failedReads.Enqueue($"Silo {silo}: {failure.Message}");
            return;
        }

        await Eventually.TrueAsync(() => Task.FromResult(stop.IsCancellationRequested || !ReferenceEquals(process, cluster.Silos[silo])), Patience);
    }
}
