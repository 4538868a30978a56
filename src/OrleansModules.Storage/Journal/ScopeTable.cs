using System.Runtime.InteropServices;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>The layer of every scope, and where its last change stands in the journal.</summary>
/// <remarks>Not safe for concurrent use: <see cref="JournalState"/> holds the lock. Kept small, it has an entry for every workspace.</remarks>
internal sealed class ScopeTable
{
    private readonly Dictionary<string, Entry> _orgs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _workspaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IdList> _byOrg = new(StringComparer.Ordinal);
    private readonly IdList _orgIds = new();
    private Entry _system = new(SystemLayer.Empty, JournalEntry.None);

    /// <summary>How many scopes were ever changed.</summary>
    public int Count => _orgs.Count + _workspaces.Count + (_system.Layer.Revision > 0 ? 1 : 0);

    /// <summary>The entry of a scope; a layer of null where nothing was ever said.</summary>
    public Entry Find(ScopeId scope) => scope.Kind switch
    {
        ScopeKind.System => _system,
        ScopeKind.Org => _orgs.GetValueOrDefault(scope.Id, Entry.Nothing),
        _ => _workspaces.GetValueOrDefault(scope.Id, Entry.Nothing),
    };

    /// <summary>Puts a scope's newer layer in place of the older.</summary>
    public void Set(ScopeId scope, Layer layer, long head)
    {
        switch (scope.Kind)
        {
            case ScopeKind.System:
                _system = new Entry(layer, head);
                break;
            case ScopeKind.Org:
                if (Put(_orgs, scope.Id, new Entry(layer, head)))
                {
                    _orgIds.Add(scope.Id);
                }

                break;
            default:
                if (Put(_workspaces, scope.Id, new Entry(layer, head)))
                {
                    ref var ids = ref CollectionsMarshal.GetValueRefOrAddDefault(_byOrg, ((ScopeLayer)layer).OrgId!, out _); // a workspace's layer names its organization
                    (ids ??= new IdList()).Add(scope.Id);
                }

                break;
        }
    }

    /// <summary>Every scope with its layer and head, organizations before workspaces.</summary>
    public List<(ScopeId Scope, Layer Layer, long Head)> All()
    {
        var all = new List<(ScopeId, Layer, long)>(Count);
        if (_system.Layer.Revision > 0)
        {
            all.Add((ScopeId.System, _system.Layer, _system.Head));
        }

        all.AddRange(_orgs.Select(o => (ScopeId.Org(o.Key), o.Value.Layer, o.Value.Head)));
        all.AddRange(_workspaces.Select(w => (ScopeId.Workspace(w.Key), w.Value.Layer, w.Value.Head)));
        return all;
    }

    /// <summary>A page of scopes that are not deleted, ordered by id.</summary>
    public List<StoredLayer> List(ScopeListQuery query)
    {
        if (query.Kind == ScopeKind.Org)
        {
            return Page(_orgIds.After(query.After), query.Limit, id => new StoredLayer(ScopeId.Org(id), _orgs[id].Layer));
        }

        if (query.OrgId is { } orgId)
        {
            return _byOrg.TryGetValue(orgId, out var ids) ? Page(ids.After(query.After), query.Limit, Workspace) : [];
        }

        // All workspaces by id: the next of every organization, merged.
        var heads = new PriorityQueue<IEnumerator<string>, string>(StringComparer.Ordinal);
        foreach (var ids in _byOrg.Values)
        {
            var next = ids.After(query.After).GetEnumerator();
            if (next.MoveNext())
            {
                heads.Enqueue(next, next.Current);
            }
        }

        return Page(Merge(heads), query.Limit, Workspace);
    }

    private StoredLayer Workspace(string id) => new(ScopeId.Workspace(id), _workspaces[id].Layer);

    private static IEnumerable<string> Merge(PriorityQueue<IEnumerator<string>, string> heads)
    {
        while (heads.TryDequeue(out var next, out var id))
        {
            yield return id;
            if (next.MoveNext())
            {
                heads.Enqueue(next, next.Current);
            }
        }
    }

    private static List<StoredLayer> Page(IEnumerable<string> ids, int limit, Func<string, StoredLayer> load) =>
        [.. ids.Select(load).Where(s => !s.Layer.IsDeleted).Take(limit)];

    private static bool Put(Dictionary<string, Entry> entries, string id, Entry entry)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(entries, id, out var known);
        place = entry;
        return !known;
    }

    /// <summary>A scope's layer with the address of its last change.</summary>
    internal readonly record struct Entry(Layer Layer, long Head)
    {
        public static Entry Nothing { get; } = new(null!, JournalEntry.None); // callers of Find know that a layer may be missing
    }

    /// <summary>Ids in order; sorted when they are first read after one was added.</summary>
    private sealed class IdList
    {
        private readonly List<string> _ids = [];
        private bool _sorted = true;

        public void Add(string id)
        {
            _sorted = _sorted && (_ids.Count == 0 || string.CompareOrdinal(_ids[^1], id) < 0);
            _ids.Add(id);
        }

        public IEnumerable<string> After(string? after)
        {
            if (!_sorted)
            {
                _ids.Sort(StringComparer.Ordinal);
                _sorted = true;
            }

            var at = after is null ? 0 : _ids.BinarySearch(after, StringComparer.Ordinal);
            for (var i = at < 0 ? ~at : after is null ? 0 : at + 1; i < _ids.Count; i++)
            {
                yield return _ids[i];
            }
        }
    }
}
