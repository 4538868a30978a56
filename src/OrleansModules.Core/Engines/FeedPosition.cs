namespace OrleansModules.Core.Engines;

/// <summary>The last position of a feed up to which nothing is missing, where positions come in any order. Safe for concurrent use.</summary>
internal sealed class FeedPosition
{
    private readonly Lock _gate = new();
    private readonly SortedSet<long> _ahead = [];
    private long _value;

    /// <summary>The last position without a gap before it.</summary>
    public long Value => Interlocked.Read(ref _value);

    /// <summary>Starts at a position.</summary>
    public void Reset(long position)
    {
        lock (_gate)
        {
            _ahead.Clear();
            Interlocked.Exchange(ref _value, position);
        }
    }

    /// <summary>Notes a position as taken in.</summary>
    public void Add(long position)
    {
        lock (_gate)
        {
            if (position <= _value)
            {
                return;
            }

            _ahead.Add(position);
            while (_ahead.Count > 0 && _ahead.Min == _value + 1)
            {
                Interlocked.Exchange(ref _value, _ahead.Min);
                _ahead.Remove(_ahead.Min);
            }
        }
    }
}
