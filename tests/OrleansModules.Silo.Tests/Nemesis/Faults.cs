using OrleansModules.Silo.Tests.Processes;

namespace OrleansModules.Silo.Tests.Nemesis;

/// <summary>Makes faults one after another, with pauses, and mends each.</summary>
internal sealed class Faults(SiloCluster cluster, int seed)
{
    private readonly Random _random = new(seed);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await PauseAsync(500, 2_000);
            var silo = _random.Next(3);
            switch (_random.Next(4))
            {
                case 0:
                    cluster.Silos[silo].Kill();
                    await PauseAsync(0, 1_000);
                    await cluster.RestartAsync(silo);
                    break;
                case 1:
                    cluster.Silos[silo].Freeze();
                    await PauseAsync(200, 6_000);
                    cluster.Silos[silo].Thaw();
                    break;
                case 2:
                    cluster.Server.Restart(immediate: true);
                    break;
                default:
                    await cluster.Silos[silo].StopAsync();
                    await cluster.RestartAsync(silo);
                    break;
            }

            await MendAsync();
        }
    }

    /// <summary>Ends all faults: every silo runs and answers.</summary>
    public async Task EndAsync()
    {
        // A silo that was frozen for long finds out that it was given up, and ends itself, within seconds of thawing.
        for (var quiet = 0; quiet < 5; quiet++)
        {
            await PauseAsync(1_000, 1_001);
            await MendAsync();
        }
    }

    private async Task MendAsync()
    {
        for (var i = 0; i < cluster.Silos.Count; i++)
        {
            if (cluster.Silos[i].HasExited)
            {
                await cluster.RestartAsync(i);
            }
        }
    }

    private Task PauseAsync(int least, int below) => Task.Delay(TimeSpan.FromMilliseconds(_random.Next(least, below)), TimeProvider.System);
}
