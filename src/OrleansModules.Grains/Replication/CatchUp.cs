using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Stores;

namespace OrleansModules.Grains.Replication;

/// <summary>Reads the feed when this silo heard that it misses something. Any number of reasons are one read.</summary>
internal sealed class CatchUp(Replica replica, FeedFollower follower, ClusterMetrics metrics, TimeProvider time, ILogger<CatchUp> logger)
{
    private int _isPlanned;

    /// <summary>Reads the feed after a while, unless what is missing has come by then.</summary>
    public void Soon(TimeSpan patience)
    {
        if (Interlocked.Exchange(ref _isPlanned, 1) == 0)
        {
            _ = Task.Run(() => RunAsync(patience, always: false));
        }
    }

    /// <summary>Reads the feed now: a silo that left may have committed without telling.</summary>
    public void Now() => _ = Task.Run(() => RunAsync(TimeSpan.Zero, always: true));

    private async Task RunAsync(TimeSpan patience, bool always)
    {
        try
        {
            if (!always)
            {
                await Task.Delay(patience, time);
                Interlocked.Exchange(ref _isPlanned, 0);
            }

            if (always || replica.IsBehind)
            {
                metrics.CaughtUp();
                await follower.CatchUpAsync(CancellationToken.None);
            }
        }
        catch (StoreException e)
        {
            GrainsLog.FeedAway(logger, e.Message); // the poll goes on trying
        }
    }
}
