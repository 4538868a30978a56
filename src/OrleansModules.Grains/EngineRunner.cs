using Microsoft.Extensions.Hosting;

namespace OrleansModules.Grains;

/// <summary>Loads the engine before the silo joins, so that no grain decides on less, and follows the feed for as long as the silo runs.</summary>
internal sealed class EngineRunner(OrleansEngine engine, NodeServices node, ILogger<EngineRunner> logger) : BackgroundService, IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await engine.StartAsync(cancellationToken);
        GrainsLog.Ready(logger, node.Replica.Position, node.Replica.Epoch, node.Tree.WorkspaceCount);
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => engine.FollowAsync(stoppingToken);
}
