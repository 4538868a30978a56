using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Tree;

/// <summary>One organization or workspace in memory. Members that change it need the lock on the node; readers take none.</summary>
internal abstract class ScopeNode
{
    private volatile ScopeLayer? _layer;
    private volatile object? _resolved; // an EffectiveMap of this scope's own, or an Unmoved
    private int _pins;

    /// <summary>The current layer; null until one was loaded.</summary>
    public ScopeLayer? Layer => _layer;

    /// <summary>Whether the node has left the tree; whoever finds it must look again.</summary>
    public bool IsDetached => _pins < 0;

    /// <summary>Takes a newer layer; an older one is ignored (law L7).</summary>
    public bool TryAdvance(ScopeLayer layer)
    {
        if (_layer is { } current && layer.Revision <= current.Revision)
        {
            return false;
        }

        _layer = layer;
        return true;
    }

    public void AddPin() => _pins++;

    public void RemovePin() => _pins--;

    /// <summary>Marks the node as gone unless it is pinned.</summary>
    public bool TryDetach()
    {
        if (_pins != 0)
        {
            return false;
        }

        _pins = -1;
        return true;
    }

    /// <summary>The map of a layer under a parent's map: the one at hand if it was resolved from these two, else a new one.</summary>
    protected EffectiveMap MapOf(ScopeId scope, ScopeId orgScope, ScopeLayer layer, EffectiveMap parent)
    {
        if (layer.SaysNothing)
        {
            return parent;
        }

        var known = _resolved;
        if (MapIfOf(known, parent, layer) is { } map)
        {
            return map;
        }

        // Two readers may both get here: the maps are equal, one stays. A reader with older references may overwrite a newer
        // resolution; the next reader sees that by reference and resolves again.
        var fresh = CascadeResolver.Resolve(scope, orgScope, parent, layer, known as EffectiveMap);
        var kept = Interlocked.CompareExchange(ref _resolved, ReferenceEquals(fresh, parent) ? new Unmoved(parent, layer) : fresh, known);
        return MapIfOf(kept, parent, layer) ?? fresh;
    }

    private static EffectiveMap? MapIfOf(object? resolved, EffectiveMap parent, ScopeLayer layer) => resolved switch
    {
        EffectiveMap map when map.IsOf(parent, layer) => map,
        Unmoved unmoved when ReferenceEquals(unmoved.Parent, parent) && ReferenceEquals(unmoved.Layer, layer) => parent,
        _ => null,
    };

    /// <summary>A layer that makes no difference to its parent's map, as when all its overrides are of removed modules.</summary>
    private sealed record Unmoved(EffectiveMap Parent, ScopeLayer Layer);
}

/// <summary>An organization in memory.</summary>
internal sealed class OrgNode(ScopeId scope) : ScopeNode
{
    public EffectiveMap MapOf(ScopeLayer layer, EffectiveMap parent) => MapOf(scope, scope, layer, parent);

    /// <summary>The organization's scope.</summary>
    public ScopeId Scope => scope;
}

/// <summary>A workspace in memory.</summary>
internal sealed class WorkspaceNode(OrgNode org) : ScopeNode
{
    /// <summary>Whether it was read since somebody last looked for cold ones. Kept loosely: a lost update makes it look a little colder or warmer.</summary>
    public bool WasRead { get; set; } = true;

    public OrgNode Org => org;

    public EffectiveMap MapOf(ScopeId scope, ScopeLayer layer, EffectiveMap parent) => MapOf(scope, org.Scope, layer, parent);
}
