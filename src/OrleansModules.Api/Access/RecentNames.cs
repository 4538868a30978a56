using System.Collections.Concurrent;

namespace OrleansModules.Api.Access;

/// <summary>Something kept for each of the names that were asked for lately.</summary>
/// <remarks>
/// Bounded, so that nobody fills the memory with names: when the newer half is full it becomes the older half, and what is asked for in the
/// older half moves to the newer. Safe for concurrent use; a race may forget what was kept for a name.
/// </remarks>
internal sealed class RecentNames<TValue>
    where TValue : class
{
    private const int HalfSize = 32_768;

    private volatile ConcurrentDictionary<string, TValue> _newer = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<string, TValue> _older = new(StringComparer.Ordinal);

    /// <summary>What is kept for a name; null where nothing is.</summary>
    public TValue? Find(string name) => _newer.TryGetValue(name, out var value) ? value : _older.TryGetValue(name, out value) ? Add(name, value) : null;

    /// <summary>Keeps something for a name.</summary>
    /// <returns>What is kept, which is another value where there was one.</returns>
    public TValue Add(string name, TValue value)
    {
        if (_newer.Count >= HalfSize)
        {
            (_older, _newer) = (_newer, new ConcurrentDictionary<string, TValue>(StringComparer.Ordinal));
        }

        return _newer.GetOrAdd(name, value);
    }
}
