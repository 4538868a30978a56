namespace OrleansModules.Api.OpenFeature;

/// <summary>How many event streams of evaluations were refused because of the ticket in their address, since the start. Safe for concurrent use.</summary>
public sealed class RefusedTickets
{
    private long _ended;
    private long _foreign;

    /// <summary>Tickets that had ended: every client that comes back late has one.</summary>
    public long Ended => Interlocked.Read(ref _ended);

    /// <summary>Tickets that were not signed here: with another key, or by nobody. Rising with the number of clients: keys of nodes may differ.</summary>
    public long Foreign => Interlocked.Read(ref _foreign);

    /// <summary>Counts one.</summary>
    /// <param name="isSigned">Whether it was signed here.</param>
    internal void Add(bool isSigned) => Interlocked.Increment(ref isSigned ? ref _ended : ref _foreign);
}
