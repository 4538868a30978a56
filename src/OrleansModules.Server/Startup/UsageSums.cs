using OrleansModules.Core.Usage;

namespace OrleansModules.Server.Startup;

/// <summary>Sums usage up for as long as the server runs.</summary>
internal sealed class UsageSums(UsageRollUp rollUp, ILogger<UsageSums> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => rollUp.RunAsync(e => UsageLog.NotSummedUp(logger, e.Message), stoppingToken);
}
