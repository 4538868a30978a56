using OrleansModules.Core.Usage;

namespace OrleansModules.Server.Startup;

/// <summary>Writes reported usage for as long as the server runs; when it stops, the web server has stopped before, and what waits is written.</summary>
internal sealed class UsageWriting(UsageQueue queue, ILogger<UsageWriting> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await queue.RunAsync(e => UsageLog.Waits(logger, e.Message), () => UsageLog.GoesOn(logger, queue.Dropped), stoppingToken);
        if (queue.Dropped > 0)
        {
            UsageLog.Lost(logger, queue.Dropped);
        }
    }
}
