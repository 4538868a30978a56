using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>What a journal says, in memory: only what is durable.</summary>
/// <remarks>Safe for concurrent use. The lock is held for look-ups only, never while a file is read or written.</remarks>
internal sealed class JournalState(TimeSpan idempotencyRetention, TimeProvider time)
{
    private const int IndexEvery = 256;

    private readonly Lock _gate = new();
    private readonly ScopeTable _scopes = new();
    private readonly OperationTable _operations = new(idempotencyRetention, time);
    private readonly List<(long Position, long Address)> _index = [];
    private long _position;
    private long _end;

    /// <summary>The position of the last change; 0 when there is none.</summary>
    public long Position
    {
        get
        {
            lock (_gate)
            {
                return _position;
            }
        }
    }

    /// <summary>The address behind the last change.</summary>
    public long End
    {
        get
        {
            lock (_gate)
            {
                return _end;
            }
        }
    }

    /// <summary>A scope's layer and the address of its last change; a null layer where nothing was ever said.</summary>
    public ScopeTable.Entry Find(ScopeId scope)
    {
        lock (_gate)
        {
            return _scopes.Find(scope);
        }
    }

    /// <summary>The address of the change that an operation id named; null where it is not remembered.</summary>
    public long? FindOperation(string id)
    {
        lock (_gate)
        {
            return _operations.Find(id);
        }
    }

    /// <summary>A page of scopes.</summary>
    public List<StoredLayer> List(ScopeListQuery query)
    {
        lock (_gate)
        {
            return _scopes.List(query);
        }
    }

    /// <summary>Takes in changes that have become durable, in order.</summary>
    public void Commit(IEnumerable<DurableChange> changes, long end)
    {
        lock (_gate)
        {
            foreach (var change in changes)
            {
                Add(change);
            }

            _end = end;
        }
    }

    /// <summary>Sets the state that a snapshot holds.</summary>
    public void Load(SnapshotContent snapshot)
    {
        lock (_gate)
        {
            foreach (var (scope, layer, head) in snapshot.Layers)
            {
                _scopes.Set(scope, layer, head);
            }

            foreach (var (id, address, at) in snapshot.Operations)
            {
                _operations.Add(id, address, at);
            }

            _position = snapshot.Position;
            _end = snapshot.End;
        }
    }

    /// <summary>Copies references to everything, for a snapshot or a reader.</summary>
    public SnapshotContent Copy()
    {
        lock (_gate)
        {
            return new SnapshotContent(_position, _end, _scopes.All(), _operations.All());
        }
    }

    /// <summary>An address at or before the change of a position, to read on from; null where the index does not reach back so far.</summary>
    public long? AddressNear(long position)
    {
        lock (_gate)
        {
            var found = _index.BinarySearch((position, long.MaxValue));
            var before = (found < 0 ? ~found : found) - 1;
            return before < 0 ? null : _index[before].Address;
        }
    }

    private void Add(DurableChange change)
    {
        var record = change.Record;
        _scopes.Set(record.Scope, change.After, change.Address);
        _position = record.Position;
        if (record.OperationId is { } operation)
        {
            _operations.Add(operation, change.Address, record.At);
        }

        if (_index.Count == 0 || record.Position - _index[^1].Position >= IndexEvery)
        {
            _index.Add((record.Position, change.Address));
        }
    }
}

/// <summary>A change that is on disk.</summary>
/// <param name="Record">The change.</param>
/// <param name="After">The scope's layer after it.</param>
/// <param name="Address">Where it stands.</param>
internal readonly record struct DurableChange(ChangeRecord Record, Layer After, long Address);

/// <summary>Everything a journal says at one position.</summary>
/// <param name="Position">The last position.</param>
/// <param name="End">The address behind it.</param>
/// <param name="Layers">Every scope with its layer and the address of its last change.</param>
/// <param name="Operations">Operation ids that are remembered, oldest first.</param>
internal sealed record SnapshotContent(
    long Position, long End, List<(ScopeId Scope, Layer Layer, long Head)> Layers, List<(string Id, long Address, DateTime At)> Operations);
