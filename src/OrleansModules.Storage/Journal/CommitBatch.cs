using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>Changes that become durable together, or not at all. Used again and again by the one writer.</summary>
internal sealed class CommitBatch(JournalState state)
{
    private readonly LineBuffer _lines = new();
    private readonly List<StagedChange> _changes = [];
    private readonly List<(PendingAppend Append, AppendOutcome Outcome, bool DependsOnBatch)> _answers = [];
    private readonly Dictionary<ScopeId, (long Revision, long Address)> _scopes = [];
    private readonly Dictionary<string, long> _operations = new(StringComparer.Ordinal);
    private long _address;
    private long _nextPosition;

    /// <summary>The lines to write.</summary>
    public ReadOnlySpan<byte> Bytes => _lines.Written;

    /// <summary>The changes among the appends, in order.</summary>
    public List<StagedChange> Changes => _changes;

    /// <summary>Logical address after the last line.</summary>
    public long End => _address + _lines.Length;

    /// <summary>Begins a batch.</summary>
    /// <param name="address">Logical address where it will be written.</param>
    /// <param name="nextPosition">Position of its first change.</param>
    public void Begin(long address, long nextPosition)
    {
        (_address, _nextPosition) = (address, nextPosition);
        _lines.Clear();
        _changes.Clear();
        _answers.Clear();
        _scopes.Clear();
        _operations.Clear();
    }

    /// <summary>Decides about an append, as if everything before it in the batch were durable.</summary>
    public void Add(PendingAppend append)
    {
        var change = append.Change;
        if (change.OperationId is { } operationId)
        {
            if (_operations.TryGetValue(operationId, out var first))
            {
                Answer(append, AppendOutcomeKind.Repeated, first, dependsOnBatch: true);
                return;
            }

            if (state.FindOperation(operationId) is { } known)
            {
                Answer(append, AppendOutcomeKind.Repeated, known.Address, dependsOnBatch: false);
                return;
            }
        }

        var isStaged = _scopes.TryGetValue(change.Scope, out var current);
        if (!isStaged)
        {
            var entry = state.Find(change.Scope);
            current = (entry.Revision, entry.HeadAddress);
        }

        if (change.Revision != current.Revision + 1)
        {
            Answer(append, AppendOutcomeKind.Conflict, current.Revision, isStaged);
            return;
        }

        Stage(append, current.Address);
    }

    /// <summary>Tells everyone what became of their append, once the changes are durable.</summary>
    public void Complete()
    {
        foreach (var (append, outcome, _) in _answers)
        {
            append.ReleaseTail();
            append.TrySetResult(outcome);
        }
    }

    /// <summary>Fails the changes, and what was decided because of them; what was decided without them stands.</summary>
    /// <param name="failure">Makes an exception for each.</param>
    public void Fail(Func<StoreException> failure)
    {
        foreach (var (append, outcome, dependsOnBatch) in _answers)
        {
            append.ReleaseTail();
            if (dependsOnBatch)
            {
                append.TrySetException(failure());
            }
            else
            {
                append.TrySetResult(outcome);
            }
        }
    }

    private void Stage(PendingAppend append, long previous)
    {
        var address = End;
        RecordLine.Write(_lines, _address, previous, _nextPosition, append.Tail);
        var change = append.Change;
        _changes.Add(new StagedChange(append, _nextPosition, address));
        _scopes[change.Scope] = (change.Revision, address);
        if (change.OperationId is { } operationId)
        {
            _operations[operationId] = address;
        }

        Answer(append, AppendOutcomeKind.Committed, _nextPosition, dependsOnBatch: true);
        _nextPosition++;
    }

    private void Answer(PendingAppend append, AppendOutcomeKind kind, long number, bool dependsOnBatch) =>
        _answers.Add((append, new AppendOutcome(kind, number), dependsOnBatch));
}
