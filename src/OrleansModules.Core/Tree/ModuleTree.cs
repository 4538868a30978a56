using System.Collections.Concurrent;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Tree;

/// <summary>The layers and effective maps that one node holds in memory.</summary>
/// <remarks>
/// Safe for concurrent use; readers take no lock. A read compares its map's parent by reference with the parent's current map and
/// resolves again only if they differ, so a change of the system costs one swap of a reference, however many scopes are below.
/// A read that starts after another ended never sees a component of the version go down (law L7).
/// </remarks>
public sealed class ModuleTree
{
    private readonly Lock _systemGate = new();
    private volatile TreeContents _contents;

    /// <summary>Makes an empty tree.</summary>
    /// <param name="epoch">The epoch of the record that it is filled from.</param>
    public ModuleTree(int epoch = 0) => _contents = new TreeContents(epoch);

    /// <summary>How many workspaces are in memory, deleted ones included.</summary>
    public int WorkspaceCount => _contents.Workspaces.Count;

    /// <summary>How many organizations are in memory, deleted ones included.</summary>
    public int OrgCount => _contents.Orgs.Count;

    /// <summary>The epoch of the record that the tree holds.</summary>
    public int Epoch => _contents.Epoch;

    /// <summary>Takes over everything that another tree holds, in one step; this is how a new epoch begins.</summary>
    /// <param name="other">A tree of a later epoch, or of the same while this one is empty. Not to be used any more.</param>
    public void Become(ModuleTree other) => _contents = other._contents;

    /// <summary>The organizations and workspaces in memory, deleted ones included.</summary>
    public IEnumerable<ScopeId> Scopes
    {
        get
        {
            var contents = _contents;
            return contents.Orgs.Where(o => o.Value.Layer is not null).Select(o => ScopeId.Org(o.Key))
                .Concat(contents.Workspaces.Where(w => w.Value.Layer is not null).Select(w => ScopeId.Workspace(w.Key)));
        }
    }

    /// <summary>Reads a scope's map. Allocates nothing unless a map has to be resolved.</summary>
    /// <returns>False where the scope is not in memory or was deleted.</returns>
    public bool TryRead(ScopeId scope, out ScopeView view) => TryRead(scope, withMap: true, out view);

    /// <summary>Reads the version of a scope's map, which is not resolved for it. Allocates nothing.</summary>
    /// <returns>False where the scope is not in memory or was deleted.</returns>
    public bool TryReadVersion(ScopeId scope, out MapVersion version)
    {
        var isThere = TryRead(scope, withMap: false, out var view);
        version = view.Version;
        return isThere;
    }

    /// <summary>The layer of a scope, a deleted one's too; null where it is not in memory.</summary>
    public Layer? FindLayer(ScopeId scope) => scope.Kind switch
    {
        ScopeKind.System => _contents.System.Layer,
        ScopeKind.Org => _contents.Orgs.TryGetValue(scope.Id, out var org) ? org.Layer : null,
        _ => _contents.Workspaces.TryGetValue(scope.Id, out var workspace) ? workspace.Layer : null,
    };

    /// <summary>Takes a layer in.</summary>
    /// <returns>False, and nothing changes, where a layer at least as new is there.</returns>
    public bool Apply(ScopeId scope, Layer layer)
    {
        var contents = _contents;
        return scope.Kind switch
        {
            ScopeKind.System => ApplySystem((SystemLayer)layer),
            ScopeKind.Org => Apply(contents.Orgs, scope.Id, (ScopeLayer)layer, () => new OrgNode(scope)),
            _ => Apply(contents.Workspaces, scope.Id, (ScopeLayer)layer, () => new WorkspaceNode(OrgOf(contents, (ScopeLayer)layer))),
        };
    }

    /// <summary>Keeps a scope in memory until the pin is disposed, and keeps its revision from going back while it is being loaded.</summary>
    /// <remarks>Take the pin before asking the store, apply what it answers, then dispose: a layer pushed meanwhile is not lost.</remarks>
    /// <param name="scope">An organization or workspace.</param>
    /// <param name="orgId">The organization of a workspace that may not be in memory.</param>
    public IDisposable Pin(ScopeId scope, string? orgId = null)
    {
        var contents = _contents;
        return scope.Kind switch
        {
            ScopeKind.Org => Pin(contents.Orgs, scope.Id, () => new OrgNode(scope)),
            ScopeKind.Workspace when orgId is not null => Pin(contents.Workspaces, scope.Id, () => new WorkspaceNode(OrgOf(contents, orgId))),
            _ => throw new ArgumentException($"{scope} cannot be pinned: name an organization, or a workspace with its organization.", nameof(scope)),
        };
    }

    /// <summary>Lets go of a scope's layer and map. Reading it needs it to be loaded again.</summary>
    /// <returns>False where it is pinned, not in memory, or an organization (they stay for their workspaces).</returns>
    public bool Evict(ScopeId scope)
    {
        var workspaces = _contents.Workspaces;
        if (scope.Kind != ScopeKind.Workspace || !workspaces.TryGetValue(scope.Id, out var node))
        {
            return false;
        }

        lock (node)
        {
            return node.TryDetach() && workspaces.TryRemove(KeyValuePair.Create(scope.Id, node));
        }
    }

    /// <summary>The workspaces in memory, each with whether it was read since the last time this enumeration came by. Goes on while the tree changes.</summary>
    internal IEnumerable<(ScopeId Scope, bool WasRead)> Sweep()
    {
        foreach (var (id, node) in _contents.Workspaces)
        {
            var wasRead = node.WasRead;
            node.WasRead = false;
            yield return (ScopeId.Workspace(id), wasRead);
        }
    }

    // Without its map a view does not leave the tree.
    private bool TryRead(ScopeId scope, bool withMap, out ScopeView view)
    {
        // The system first, then downwards: a later read starts from a system at least as new.
        var contents = _contents;
        var (system, epoch) = (contents.System, contents.Epoch);
        switch (scope.Kind)
        {
            case ScopeKind.System:
                view = new ScopeView(system.Map, new MapVersion(ScopeKind.System, system.Layer.Revision, 0, 0, epoch));
                return true;
            case ScopeKind.Org when contents.Orgs.TryGetValue(scope.Id, out var org) && org.Layer is { IsDeleted: false } layer:
                view = new ScopeView(withMap ? org.MapOf(layer, system.Map) : null!, new MapVersion(ScopeKind.Org, system.Layer.Revision, layer.Revision, 0, epoch));
                return true;
            case ScopeKind.Workspace when contents.Workspaces.TryGetValue(scope.Id, out var workspace)
                && workspace.Org.Layer is { IsDeleted: false } orgLayer && workspace.Layer is { IsDeleted: false } layer:
                if (!workspace.WasRead)
                {
                    workspace.WasRead = true;
                }

                view = new ScopeView(
                    withMap ? workspace.MapOf(scope, layer, workspace.Org.MapOf(orgLayer, system.Map)) : null!,
                    new MapVersion(ScopeKind.Workspace, system.Layer.Revision, orgLayer.Revision, layer.Revision, epoch));
                return true;
            default:
                view = default;
                return false;
        }
    }

    private bool ApplySystem(SystemLayer layer)
    {
        lock (_systemGate)
        {
            var contents = _contents;
            var current = contents.System;
            if (layer.Revision <= current.Layer.Revision)
            {
                return false;
            }

            // Members, tokens and settings are not in the map: changing them moves no map below.
            var sameModules = ReferenceEquals(layer.Definitions, current.Layer.Definitions) && Equals(layer.HostVersion, current.Layer.HostVersion);
            contents.System = new SystemState(layer, sameModules ? current.Map : CascadeResolver.Resolve(layer, current.Map));
            return true;
        }
    }

    private static OrgNode OrgOf(TreeContents contents, ScopeLayer workspace) => OrgOf(contents, workspace.OrgId ?? throw new ArgumentException("A workspace's layer names its organization.", nameof(workspace)));

    private static OrgNode OrgOf(TreeContents contents, string orgId) => contents.Orgs.GetOrAdd(orgId, static id => new OrgNode(ScopeId.Org(id)));

    private static bool Apply<TNode>(ConcurrentDictionary<string, TNode> nodes, string id, ScopeLayer layer, Func<TNode> make)
        where TNode : ScopeNode
    {
        while (true)
        {
            var node = nodes.TryGetValue(id, out var known) ? known : nodes.GetOrAdd(id, make());
            lock (node)
            {
                if (!node.IsDetached)
                {
                    return node.TryAdvance(layer);
                }
            }
        }
    }

    private static Unpin Pin<TNode>(ConcurrentDictionary<string, TNode> nodes, string id, Func<TNode> make)
        where TNode : ScopeNode
    {
        while (true)
        {
            var node = nodes.TryGetValue(id, out var known) ? known : nodes.GetOrAdd(id, make());
            lock (node)
            {
                if (!node.IsDetached)
                {
                    node.AddPin();
                    return new Unpin(node);
                }
            }
        }
    }

    private sealed class Unpin(ScopeNode node) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                lock (node)
                {
                    node.RemovePin();
                }
            }
        }
    }
}
