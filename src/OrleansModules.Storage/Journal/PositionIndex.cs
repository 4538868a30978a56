namespace OrleansModules.Storage.Journal;

/// <summary>Addresses of some positions, so that reading the feed near its head need not scan a segment. The state's lock guards it.</summary>
/// <remarks>Begins where this process began to read the journal: what only a snapshot knows is not in it.</remarks>
internal sealed class PositionIndex
{
    private const int Every = 256;
    private readonly List<(long Position, long Address)> _known = [];

    /// <summary>Notes where a position is. Positions come in order.</summary>
    public void Add(long position, long address)
    {
        if (position % Every == 0)
        {
            _known.Add((position, address));
        }
    }

    /// <summary>The address of the last known position that is not after one; null when there is none.</summary>
    public long? FindAtOrBefore(long position)
    {
        var (low, high) = (0, _known.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = _known[middle].Position <= position ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? null : _known[low - 1].Address;
    }
}
