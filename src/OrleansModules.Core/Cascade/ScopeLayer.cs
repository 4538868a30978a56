using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Cascade;

/// <summary>What one organization or workspace says.</summary>
/// <remarks>Kept small: one of these is in memory for every known organization and workspace.</remarks>
public class ScopeLayer : Layer
{
    private static readonly ScopeLayer?[] Plain = new ScopeLayer?[1 << 14];

    private readonly OverrideEntry[] _overrides;
    private readonly bool _isDeleted;

    /// <summary>Makes a layer.</summary>
    /// <param name="revision">The scope's revision.</param>
    /// <param name="properties">What the scope is.</param>
    /// <param name="overrides">Ordered by module name, ordinally; no name twice. Not copied: never change it afterwards.</param>
    public ScopeLayer(long revision, ScopeProperties properties, OverrideEntry[] overrides)
        : base(revision)
    {
        Name = properties.Name;
        OrgId = properties.OrgId is { } org ? NamePool.Get(org) : null;
        _isDeleted = properties.IsDeleted;
        _overrides = overrides.Length == 0 ? [] : overrides;
        SaysNothing = Array.TrueForAll(overrides, o => o.Override.SaysNothing);
    }

    /// <summary>Makes a layer, or finds an equal one: most workspaces say nothing and have no name, and those of one organization share one.</summary>
    /// <remarks>A fixed table in which a newer layer takes the place of an older, as in <see cref="NamePool"/>.</remarks>
    public static ScopeLayer Make(long revision, ScopeProperties properties, OverrideEntry[] overrides, LayerExtras? extras = null)
    {
        if (extras is { IsNone: false })
        {
            return new WithExtras(revision, properties, overrides, extras);
        }

        if (overrides.Length > 0 || properties is not { Name: null, OrgId: { } orgId })
        {
            return new ScopeLayer(revision, properties, overrides);
        }

        ref var slot = ref Plain[(uint)HashCode.Combine(orgId, revision) % (uint)Plain.Length];
        if (Volatile.Read(ref slot) is { } known && known.Revision == revision && known.IsDeleted == properties.IsDeleted && orgId.Equals(known.OrgId, StringComparison.Ordinal))
        {
            return known;
        }

        var made = new ScopeLayer(revision, properties, overrides);
        Volatile.Write(ref slot, made);
        return made;
    }

    /// <summary>The scope's display name; null when none was given.</summary>
    public string? Name { get; }

    /// <summary>The organization a workspace belongs to, for life; null for an organization.</summary>
    public string? OrgId { get; }

    /// <inheritdoc/>
    public override bool IsDeleted => _isDeleted;

    /// <summary>Whether the scope overrides nothing, so that its map is its parent's (law L8).</summary>
    public bool SaysNothing { get; }

    /// <summary>Ordered by module name.</summary>
    public ReadOnlySpan<OverrideEntry> Overrides => _overrides;

    /// <summary>What the scope is.</summary>
    public ScopeProperties Properties => new(Name, OrgId, IsDeleted, null);

    /// <summary>The scope's override of a module; null when there is none.</summary>
    public OverrideEntry? Find(string module)
    {
        var (low, high) = (0, _overrides.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(_overrides[middle].Override.Module, module);
            if (order == 0)
            {
                return _overrides[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    // A type of its own, so that the many layers that say nothing here pay nothing for it.
    private sealed class WithExtras(long revision, ScopeProperties properties, OverrideEntry[] overrides, LayerExtras extras) : ScopeLayer(revision, properties, overrides)
    {
        public override LayerExtras Extras => extras;
    }
}

/// <summary>An override with where it comes from. A value, so that a layer holds it without an object of its own.</summary>
/// <param name="Override">The override.</param>
/// <param name="Provenance">Which change set each of its values.</param>
public readonly record struct OverrideEntry(ModuleOverride Override, Provenance Provenance);
