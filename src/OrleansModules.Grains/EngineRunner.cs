using Microsoft.Extensions.Hosting;
using OrleansModules.Grains.Replication;

namespace OrleansModules.Grains;

/// <summary>Loads the engine before the silo joins, so that no grain decides on less, and follows the feed for as long as the silo runs.</summary>
internal sealed class EngineRunner(OrleansEngine engine, NodeServices node, Pusher pusher, ClusterMetrics metrics, IOptions<ClusterEngineOptions> options, TimeProvider time, ILogger<EngineRunner> logger) : BackgroundService, IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        metrics.Observe(() => pusher.Lanes.Sum(l => l.Depth), () => pusher.Lanes.Sum(l => l.Resyncs), () => engine.StaleFor?.TotalSeconds ?? 0, () => node.Loader.Pending, () => node.Follower.Lag);
        await engine.StartAsync(cancellationToken);
        GrainsLog.Ready(logger, node.Replica.Position, node.Replica.Epoch, node.Tree.WorkspaceCount);
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        engine.Leave();
        await Task.Delay(options.Value.DrainDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => engine.FollowAsync(stoppingToken);
}
