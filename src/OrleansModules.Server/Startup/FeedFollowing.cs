using OrleansModules.Core.Engines;

namespace OrleansModules.Server.Startup;

/// <summary>Follows what other processes change for as long as the server runs.</summary>
internal sealed class FeedFollowing(EmbeddedEngine engine) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => engine.FollowAsync(stoppingToken);
}
