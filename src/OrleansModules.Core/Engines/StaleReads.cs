namespace OrleansModules.Core.Engines;

/// <summary>Counts answers that were marked stale. Safe for concurrent use.</summary>
public sealed class StaleReads
{
    private long _count;

    /// <summary>How many there were.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Counts one more.</summary>
    public void Add() => Interlocked.Increment(ref _count);
}
