namespace OrleansModules.Core.Stores;

/// <summary>Marks a store that other processes write to as well, so that its feed has to be followed.</summary>
/// <remarks>May be called concurrently.</remarks>
public interface IFeedSource
{
    /// <summary>Waits for a hint that the feed moved. A hint may be lost and may be wrong: it only saves time.</summary>
    /// <param name="atMost">Returns after this long at the latest.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellationToken);
}
