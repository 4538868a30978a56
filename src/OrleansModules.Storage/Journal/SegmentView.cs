using System.Collections.Immutable;

namespace OrleansModules.Storage.Journal;

/// <summary>The journal up to an address, as of one moment. Immutable: what it covers never changes.</summary>
/// <param name="Segments">In order of address, never empty.</param>
/// <param name="End">Logical address after the last durable byte.</param>
internal sealed record SegmentView(ImmutableArray<Segment> Segments, long End)
{
    /// <summary>Index of the segment that an address is in; an address between two segments is in the later one.</summary>
    public int IndexOfAddress(long address) => LastIndex(s => s.Base <= address);

    /// <summary>Index of the segment that a position is in, or will be.</summary>
    public int IndexOfPosition(long position) => LastIndex(s => s.FirstPosition <= position);

    /// <summary>Length of a segment as far as it is durable, in bytes.</summary>
    public long LengthOf(int index) => (index + 1 < Segments.Length ? Segments[index + 1].Base : End) - Segments[index].Base;

    private int LastIndex(Predicate<Segment> holds)
    {
        var (low, high) = (0, Segments.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            (low, high) = holds(Segments[middle]) ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
