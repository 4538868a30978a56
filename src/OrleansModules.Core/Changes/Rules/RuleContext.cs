using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Changes.Rules;

/// <summary>Everything that the rules may look at when they decide a request. Immutable.</summary>
public sealed record RuleContext
{
    /// <summary>The scope's layer now; <see cref="LayerFold.Empty"/> where nothing was ever said.</summary>
    public required Layer Current { get; init; }

    /// <summary>The parent's map; for the system, its own.</summary>
    public required EffectiveMap ParentMap { get; init; }

    /// <summary>The revisions of the scopes above, as this node knows them.</summary>
    public required MapVersion ParentVersion { get; init; }

    /// <summary>Whether the organization that the request or the workspace names exists.</summary>
    public bool OrgExists { get; init; } = true;

    /// <summary>When an organization is to be deleted: some of its workspaces, empty where it has none.</summary>
    public IReadOnlyList<string> Workspaces { get; init; } = [];

    /// <summary>When something is to be restored: the layer as it was then; null where that revision never was.</summary>
    public Layer? Target { get; init; }

    /// <summary>The time, UTC.</summary>
    public required DateTime Now { get; init; }
}
