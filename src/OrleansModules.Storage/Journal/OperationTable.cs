namespace OrleansModules.Storage.Journal;

/// <summary>Which operation ids were used lately, and where their changes stand.</summary>
/// <remarks>Not safe for concurrent use: <see cref="JournalState"/> holds the lock.</remarks>
internal sealed class OperationTable(TimeSpan retention, TimeProvider time)
{
    private readonly Dictionary<string, Operation> _operations = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, Operation Operation)> _oldestFirst = new();

    /// <summary>Remembers an id.</summary>
    public void Add(string id, long address, DateTime at)
    {
        var operation = new Operation(address, at);
        _operations[id] = operation;
        _oldestFirst.Enqueue((id, operation));
        while (_oldestFirst.TryPeek(out var oldest) && IsForgotten(oldest.Operation))
        {
            _oldestFirst.Dequeue();
            if (_operations.TryGetValue(oldest.Id, out var known) && known == oldest.Operation)
            {
                _operations.Remove(oldest.Id);
            }
        }
    }

    /// <summary>The address of the change that an id named; null where it is not remembered.</summary>
    public long? Find(string id) => _operations.TryGetValue(id, out var known) && !IsForgotten(known) ? known.Address : null;

    /// <summary>Everything remembered, oldest first.</summary>
    public List<(string Id, long Address, DateTime At)> All() =>
        [.. _oldestFirst.Where(o => !IsForgotten(o.Operation)).Select(o => (o.Id, o.Operation.Address, o.Operation.At))];

    private bool IsForgotten(Operation operation) => time.GetUtcNow().UtcDateTime - operation.At > retention;

    private readonly record struct Operation(long Address, DateTime At);
}
