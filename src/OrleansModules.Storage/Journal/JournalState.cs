using System.Collections.Immutable;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>What the store knows in memory: everything that is durable, and nothing that is not.</summary>
/// <remarks>Safe for concurrent use. One writer changes it; the lock is never held during I/O.</remarks>
internal sealed class JournalState(TimeProvider time, TimeSpan retention)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ScopeEntry> _orgs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScopeEntry> _workspaces = new(StringComparer.Ordinal);
    private readonly OperationMemory _operations = new(time, retention);
    private readonly PositionIndex _index = new();
    private readonly ScopeLists _lists = new();
    private ScopeEntry _system = ScopeEntry.None;
    private SegmentView _view = new([], 0);
    private long _head;

    /// <summary>Position of the last change; 0 when there is none.</summary>
    public long Head
    {
        get
        {
            lock (_gate)
            {
                return _head;
            }
        }
    }

    /// <summary>The journal as far as it is durable.</summary>
    public SegmentView View
    {
        get
        {
            lock (_gate)
            {
                return _view;
            }
        }
    }

    /// <summary>What is known of a scope.</summary>
    public ScopeEntry Find(ScopeId scope)
    {
        lock (_gate)
        {
            return Find_NeedsLock(scope);
        }
    }

    /// <summary>What is known of a scope, and the journal its addresses are in, as of one moment.</summary>
    public (ScopeEntry Entry, SegmentView View) FindWithView(ScopeId scope)
    {
        lock (_gate)
        {
            return (Find_NeedsLock(scope), _view);
        }
    }

    /// <summary>The layers of some scopes as of one moment.</summary>
    public List<StoredLayer> Load(IReadOnlyCollection<ScopeId> scopes)
    {
        var found = new List<StoredLayer>(scopes.Count);
        lock (_gate)
        {
            foreach (var scope in scopes)
            {
                if (Find_NeedsLock(scope).Layer is { } layer)
                {
                    found.Add(new StoredLayer(scope, layer));
                }
            }
        }

        return found;
    }

    /// <summary>Where the change is that an operation id named; null when it is not known (any more).</summary>
    public (long Address, SegmentView View)? FindOperation(string operationId)
    {
        lock (_gate)
        {
            return _operations.Find(operationId) is { } entry ? (entry.Address, _view) : null;
        }
    }

    /// <summary>Where to begin to look for a position, at or before it.</summary>
    public (long Address, SegmentView View) Locate(long position)
    {
        lock (_gate)
        {
            var segment = _view.Segments[_view.IndexOfPosition(position)].Base;
            return (Math.Max(segment, _index.FindAtOrBefore(position) ?? 0), _view);
        }
    }

    /// <summary>A page of organizations or workspaces that are not deleted, ordered by id.</summary>
    public List<StoredLayer> List(ScopeListQuery query) => _lists.Page(query, _gate, query.Kind == ScopeKind.Org ? _orgs : _workspaces);

    /// <summary>Copies all references as of one moment.</summary>
    public StateCopy Copy()
    {
        lock (_gate)
        {
            return new StateCopy(_head, _view.End, _system, [.. _orgs], [.. _workspaces], _operations.ToArray());
        }
    }

    /// <summary>Makes room for scopes that are about to be put.</summary>
    public void Reserve(int orgs, int workspaces)
    {
        lock (_gate)
        {
            _orgs.EnsureCapacity(orgs);
            _workspaces.EnsureCapacity(workspaces);
        }
    }

    /// <summary>The one object that stands for an organization's id, so that a million workspaces do not hold copies of it.</summary>
    public string SharedOrgId(string orgId)
    {
        lock (_gate)
        {
            return _lists.SharedOrgId(orgId);
        }
    }

    /// <summary>Sets what a scope is at.</summary>
    public void Put(ScopeId scope, ScopeEntry entry)
    {
        lock (_gate)
        {
            Put_NeedsLock(scope, entry);
        }
    }

    /// <summary>Remembers an operation id.</summary>
    public void PutOperation(string operationId, OperationEntry entry)
    {
        lock (_gate)
        {
            _operations.Add(operationId, entry);
        }
    }

    /// <summary>Notes that everything up to a position is known, wherever it is.</summary>
    public void BeginAt(long position)
    {
        lock (_gate)
        {
            _head = position;
        }
    }

    /// <summary>Notes that the change at a position was read at an address.</summary>
    public void Advance(long position, long address)
    {
        lock (_gate)
        {
            _head = position;
            _index.Add(position, address);
        }
    }

    /// <summary>Sets what the journal consists of.</summary>
    public void SetSegments(ImmutableArray<Segment> segments, long end)
    {
        lock (_gate)
        {
            _view = new SegmentView(segments, end);
        }
    }

    /// <summary>Adds the segment that is written from now on.</summary>
    public void AddSegment(Segment segment, long end)
    {
        lock (_gate)
        {
            _view = new SegmentView(_view.Segments.Add(segment), end);
        }
    }

    /// <summary>Takes over changes that are durable, all at once.</summary>
    /// <param name="changes">In order of position.</param>
    /// <param name="end">Logical address after the last of them.</param>
    public void Apply(List<StagedChange> changes, long end)
    {
        lock (_gate)
        {
            foreach (var change in changes)
            {
                var record = change.Append.Change;
                Put_NeedsLock(record.Scope, new ScopeEntry(change.Append.After, change.Address));
                if (record.OperationId is { } operationId)
                {
                    _operations.Add(operationId, new OperationEntry(change.Address, record.At));
                }

                _index.Add(change.Position, change.Address);
                _head = change.Position;
            }

            _view = _view with { End = end };
        }
    }

    private ScopeEntry Find_NeedsLock(ScopeId scope) => scope.Kind switch
    {
        ScopeKind.System => _system,
        ScopeKind.Org => _orgs.TryGetValue(scope.Id, out var org) ? org : ScopeEntry.None,
        _ => _workspaces.TryGetValue(scope.Id, out var workspace) ? workspace : ScopeEntry.None,
    };

    private void Put_NeedsLock(ScopeId scope, ScopeEntry entry)
    {
        if (scope.Kind == ScopeKind.System)
        {
            _system = entry;
            return;
        }

        var scopes = scope.Kind == ScopeKind.Org ? _orgs : _workspaces;
        var before = scopes.TryGetValue(scope.Id, out var known) ? known.Layer as ScopeLayer : null;
        scopes[scope.Id] = entry;
        _lists.OnPut(scope, before, entry.Layer as ScopeLayer);
    }
}
