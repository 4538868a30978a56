using OrleansModules.Core.Stores;

namespace OrleansModules.Core.Usage;

/// <summary>Sums up days of usage: when asked, and by itself.</summary>
/// <remarks>Safe for concurrent use, on several servers too: a day's sums are replaced whole.</remarks>
public sealed class UsageRollUp(IUsageStore store, UsageQueue queue, TimeProvider time, UsageOptions options)
{
    private static readonly TimeSpan QueuePatience = TimeSpan.FromSeconds(5);

    /// <summary>Sums up the UTC days from one to another, both included, with the events that were reported here before.</summary>
    /// <returns>The number of sums written.</returns>
    /// <exception cref="StoreException">The store failed; days before may be summed up.</exception>
    public async ValueTask<long> RollUpAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        await queue.FlushAsync(QueuePatience, cancellationToken);
        var written = 0L;
        for (var day = from; day <= to; day = day.AddDays(1))
        {
            written += await store.RollUpAsync(day, day, cancellationToken);
        }

        return written;
    }

    /// <summary>Sums up today and yesterday in the rhythm of the settings, and on every new day all days that events may still be reported for.</summary>
    /// <param name="failed">Told of each failure of the store; the next round makes up for it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<StoreException> failed, CancellationToken cancellationToken)
    {
        DateOnly? whole = null; // the day on which all days were summed up last
        using var timer = new PeriodicTimer(options.RollUpInterval, time);
        try
        {
            do
            {
                var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
                try
                {
                    await RollUpAsync(today.AddDays(whole == today ? -1 : -(int)Math.Ceiling(options.MaxAge.TotalDays)), today, cancellationToken);
                    whole = today;
                }
                catch (StoreException e)
                {
                    failed(e);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end.
        }
    }
}
