using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Tree;

/// <summary>One organization or workspace in memory. Members that change it need the lock on the node; readers take none.</summary>
internal abstract class ScopeNode
{
    private volatile ScopeLayer? _layer;
    private volatile Resolution? _resolution;
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

        var known = _resolution;
        if (known is not null && ReferenceEquals(known.Parent, parent) && ReferenceEquals(known.Layer, layer))
        {
            return known.Map;
        }

        // Two readers may both get here: the maps are equal, one stays. A reader with older references may overwrite a newer
        // resolution; the next reader sees that by reference and resolves again.
        var fresh = new Resolution(parent, layer, CascadeResolver.Resolve(scope, orgScope, parent, layer, known?.Map));
        var kept = Interlocked.CompareExchange(ref _resolution, fresh, known);
        return kept is not null && ReferenceEquals(kept.Parent, parent) && ReferenceEquals(kept.Layer, layer) ? kept.Map : fresh.Map;
    }

    private sealed record Resolution(EffectiveMap Parent, ScopeLayer Layer, EffectiveMap Map);
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
    public OrgNode Org => org;

    public EffectiveMap MapOf(ScopeId scope, ScopeLayer layer, EffectiveMap parent) => MapOf(scope, org.Scope, layer, parent);
}
