using System.Collections.Concurrent;
using OrleansModules.Core.Cascade;

namespace OrleansModules.Core.Tree;

/// <summary>What a tree holds of one epoch of the record.</summary>
internal sealed class TreeContents(int epoch)
{
    private volatile SystemState _system = new(SystemLayer.Empty, EffectiveMap.Empty);

    public int Epoch => epoch;

    public ConcurrentDictionary<string, OrgNode> Orgs { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, WorkspaceNode> Workspaces { get; } = new(StringComparer.Ordinal);

    public SystemState System
    {
        get => _system;
        set => _system = value;
    }
}

/// <summary>The system's layer with its map, swapped together.</summary>
internal sealed record SystemState(SystemLayer Layer, EffectiveMap Map);
