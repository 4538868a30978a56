namespace OrleansModules.Storage.Journal;

/// <summary>The operation ids that are remembered. Not safe for concurrent use: the state's lock guards it.</summary>
internal sealed class OperationMemory(TimeProvider time, TimeSpan retention)
{
    private readonly Dictionary<string, OperationEntry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, long Address)> _oldestFirst = new();

    /// <summary>Where the change is that an id named; null when the id was never used, or too long ago.</summary>
    public OperationEntry? Find(string id) =>
        _entries.TryGetValue(id, out var entry) && !IsOver(entry.At) ? entry : null;

    /// <summary>Remembers an id, and forgets those whose time is over.</summary>
    public void Add(string id, OperationEntry entry)
    {
        if (IsOver(entry.At))
        {
            return;
        }

        _entries[id] = entry;
        _oldestFirst.Enqueue((id, entry.Address));
        Forget();
    }

    /// <summary>Everything remembered, in the order of the changes.</summary>
    public KeyValuePair<string, OperationEntry>[] ToArray()
    {
        var all = new List<KeyValuePair<string, OperationEntry>>(_entries.Count);
        foreach (var (id, address) in _oldestFirst)
        {
            if (_entries.TryGetValue(id, out var entry) && entry.Address == address)
            {
                all.Add(new(id, entry));
            }
        }

        return [.. all];
    }

    private void Forget()
    {
        // An id that was used again after its time has a younger entry, which stays.
        while (_oldestFirst.TryPeek(out var oldest))
        {
            if (_entries.TryGetValue(oldest.Id, out var entry) && entry.Address == oldest.Address)
            {
                if (!IsOver(entry.At))
                {
                    return;
                }

                _entries.Remove(oldest.Id);
            }

            _oldestFirst.Dequeue();
        }
    }

    private bool IsOver(DateTime at) => at + retention <= time.GetUtcNow().UtcDateTime;
}
