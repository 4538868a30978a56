using OrleansModules.Silo.Tests.Processes;

namespace OrleansModules.Silo.Tests.Nemesis;

/// <summary>Makes faults one after another, with pauses, and mends each.</summary>
internal sealed class Faults(SiloCluster cluster, Disturbances disturbances, int seed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Random _random = new(seed);
    private readonly SortedDictionary<string, int> _made = new(StringComparer.Ordinal);

    /// <summary>How many faults of each kind there were.</summary>
    public string Made => string.Join(", ", _made.Select(m => $"{m.Value} {m.Key}"));

    public async Task RunAsync(CancellationToken stop)
    {
        (string Name, Func<int, Task> Make)[] kinds =
        [
            ("kill", KillAsync), ("freeze", FreezeAsync), ("crash of the database", _ => RestartDatabaseAsync(immediate: true)), ("restart of the database", _ => RestartDatabaseAsync(immediate: false)),
            ("leave", LeaveAsync), ("cut of one connection", CutOneAsync), ("silo cut off", silo => CutOffAsync(silo, silently: false)), ("silo cut off silently", silo => CutOffAsync(silo, silently: true)),
        ];

        // Every kind comes once before any comes again.
        while (!stop.IsCancellationRequested)
        {
            _random.Shuffle(kinds);
            foreach (var (name, make) in kinds)
            {
                await LastAsync(500, 2_000);
                if (stop.IsCancellationRequested)
                {
                    break;
                }

                await make(_random.Next(3));
                _made[name] = _made.GetValueOrDefault(name) + 1;
                await MendAsync();
            }
        }
    }

    /// <summary>Ends all faults: every silo runs, and each sees all of them.</summary>
    public Task EndAsync() => Eventually.TrueAsync(
        async () =>
        {
            // A silo that was given up while it was frozen or cut off finds out within seconds, and ends itself.
            await MendAsync();
            return await cluster.IsCompleteAsync();
        },
        Patience);

    private async Task KillAsync(int silo)
    {
        using var disturbance = disturbances.Begin(silo);
        cluster.Silos[silo].Kill();
        await LastAsync(0, 1_000);
        await cluster.RestartAsync(silo);
    }

    private async Task FreezeAsync(int silo)
    {
        using var disturbance = disturbances.Begin(silo);
        cluster.Silos[silo].Freeze();
        await LastAsync(200, 6_000);
        cluster.Silos[silo].Thaw();
    }

    private async Task LeaveAsync(int silo)
    {
        using var disturbance = disturbances.Begin(silo);
        await cluster.Silos[silo].StopAsync();
        await cluster.RestartAsync(silo);
    }

    // Reads go on everywhere.
    private Task RestartDatabaseAsync(bool immediate) => Task.Run(() => cluster.Server.Restart(immediate));

    private async Task CutOneAsync(int silo)
    {
        cluster.Network.Cut(silo, (silo + 1) % 3, silently: _random.Next(2) == 0);
        await LastAsync(500, 5_000);
        cluster.Network.Mend();
    }

    private async Task CutOffAsync(int silo, bool silently)
    {
        cluster.Network.Cut(silo, (silo + 1) % 3, silently);
        cluster.Network.Cut(silo, (silo + 2) % 3, silently);
        await LastAsync(500, 6_000);
        cluster.Network.Mend();
    }

    private async Task MendAsync()
    {
        for (var i = 0; i < cluster.Silos.Count; i++)
        {
            if (cluster.Silos[i].HasEnded)
            {
                using var disturbance = disturbances.Begin(i);
                await cluster.RestartAsync(i);
            }
        }
    }

    // How long a fault lasts, or nothing is wrong: time itself is what is wanted here.
    private Task LastAsync(int least, int below) => Task.Delay(TimeSpan.FromMilliseconds(_random.Next(least, below)), TimeProvider.System);
}
