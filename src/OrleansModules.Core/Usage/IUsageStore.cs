using OrleansModules.Core.Stores;

namespace OrleansModules.Core.Usage;

/// <summary>Keeps usage events and their daily sums.</summary>
/// <remarks>All members may be called concurrently. Errors are <see cref="StoreException"/>. What every store promises is in the usage conformance suite.</remarks>
public interface IUsageStore
{
    /// <summary>Writes events, all or none.</summary>
    ValueTask WriteAsync(IReadOnlyCollection<UsageEvent> events, CancellationToken cancellationToken);

    /// <summary>Sums up the UTC days from one to another, both included. May be repeated: a day's sums are replaced.</summary>
    /// <returns>The number of sums written.</returns>
    ValueTask<long> RollUpAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken);

    /// <summary>Daily sums of an organization, ordered by day, module and event type. Days not summed up yet are missing.</summary>
    ValueTask<IReadOnlyList<DailyUsage>> DailyAsync(UsageQuery query, CancellationToken cancellationToken);
}
