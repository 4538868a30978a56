namespace OrleansModules.Core.Stores;

/// <summary>A store that other processes write to as well, so that its feed has to be followed.</summary>
/// <remarks>All members may be called concurrently. Errors are <see cref="StoreException"/>.</remarks>
public interface IFeedSource
{
    /// <summary>How far the feed is, read from the record itself, not from a copy.</summary>
    ValueTask<FeedHead> ReadHeadAsync(CancellationToken cancellationToken);

    /// <summary>Waits for a hint that the feed moved. A hint may be lost and may be wrong: it only saves time.</summary>
    /// <param name="atMost">Returns after this long at the latest.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellationToken);
}

/// <summary>How far a feed is.</summary>
/// <param name="Epoch">Raised by an operator who restored the record from a backup: what was loaded before it counts no more.</param>
/// <param name="Position">The position of the last change; 0 when there is none.</param>
public readonly record struct FeedHead(long Epoch, long Position);
