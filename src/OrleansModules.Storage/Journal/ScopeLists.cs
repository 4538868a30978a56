using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>The ids of organizations and workspaces as they are listed: all, or those of one organization.</summary>
/// <remarks>
/// <see cref="OnPut"/> and <see cref="SharedOrgId"/> are for whoever holds the state's lock. <see cref="Page"/> takes that lock itself,
/// for moments; sorting is done outside of it.
/// </remarks>
internal sealed class ScopeLists
{
    private const int LookupsAtOnce = 256;

    private readonly Lock _listing = new();
    private readonly OrderedIds _orgs = new();
    private readonly Dictionary<string, (string Id, OrderedIds Workspaces)> _workspacesByOrg = new(StringComparer.Ordinal);

    // Made when first asked for: most hosts only ever list by organization.
    private OrderedIds? _workspaces;

    /// <summary>Notes that a scope was put.</summary>
    public void OnPut(ScopeId scope, ScopeLayer? before, ScopeLayer? after)
    {
        if (scope.Kind == ScopeKind.Org)
        {
            if (before is null)
            {
                _orgs.Add(scope.Id);
            }

            return;
        }

        if (before is null)
        {
            _workspaces?.Add(scope.Id);
        }

        if (after?.OrgId is { } orgId && !orgId.Equals(before?.OrgId, StringComparison.Ordinal))
        {
            OfOrg(orgId).Workspaces.Add(scope.Id);
        }
    }

    /// <summary>See <see cref="JournalState.SharedOrgId"/>.</summary>
    public string SharedOrgId(string orgId) => OfOrg(orgId).Id;

    /// <summary>See <see cref="JournalState.List"/>.</summary>
    public List<StoredLayer> Page(ScopeListQuery query, Lock state, Dictionary<string, ScopeEntry> scopes)
    {
        var page = new List<StoredLayer>();
        lock (_listing)
        {
            OrderedIds? ids;
            List<string> added;
            lock (state)
            {
                ids = ListOf(query, scopes);
                if (ids is null)
                {
                    return page;
                }

                added = ids.TakeAdded();
            }

            ids.Merge(added);
            foreach (var some in ids.After(query.After).Chunk(Math.Min(LookupsAtOnce, query.Limit)))
            {
                lock (state)
                {
                    AddPage(page, some, query, scopes);
                }

                if (page.Count == query.Limit)
                {
                    break;
                }
            }
        }

        return page;
    }

    private static void AddPage(List<StoredLayer> page, string[] ids, ScopeListQuery query, Dictionary<string, ScopeEntry> scopes)
    {
        foreach (var id in ids)
        {
            var isListed = scopes.TryGetValue(id, out var entry) && entry.Layer is ScopeLayer { IsDeleted: false } layer
                && (query.OrgId is null || query.OrgId.Equals(layer.OrgId, StringComparison.Ordinal))
                && (page.Count == 0 || !page[^1].Scope.Id.Equals(id, StringComparison.Ordinal));
            if (!isListed)
            {
                continue;
            }

            page.Add(new StoredLayer(query.Kind == ScopeKind.Org ? ScopeId.Org(id) : ScopeId.Workspace(id), entry.Layer!)); // Checked above.
            if (page.Count == query.Limit)
            {
                return;
            }
        }
    }

    private OrderedIds? ListOf(ScopeListQuery query, Dictionary<string, ScopeEntry> scopes)
    {
        if (query.Kind == ScopeKind.Org)
        {
            return _orgs;
        }

        if (query.OrgId is { } orgId)
        {
            return _workspacesByOrg.TryGetValue(orgId, out var ofOrg) ? ofOrg.Workspaces : null;
        }

        return _workspaces ??= new OrderedIds([.. scopes.Keys]);
    }

    private (string Id, OrderedIds Workspaces) OfOrg(string orgId)
    {
        if (!_workspacesByOrg.TryGetValue(orgId, out var found))
        {
            found = (orgId, new OrderedIds());
            _workspacesByOrg.Add(orgId, found);
        }

        return found;
    }
}
