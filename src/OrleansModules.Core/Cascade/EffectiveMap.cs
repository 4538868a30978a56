using System.Collections;
using NuGet.Versioning;
using OrleansModules.Core.Bodies;

namespace OrleansModules.Core.Cascade;

/// <summary>All effective modules of one scope, ordered by tier, then name (law L9).</summary>
/// <remarks>
/// Immutable but for its bodies. Shared by all scopes that say nothing of their own (law L8). A map below the system holds only the
/// modules that differ from its parent's map and a reference to that, so it costs its differences.
/// </remarks>
public sealed class EffectiveMap : IReadOnlyList<EffectiveModule>
{
    private readonly EffectiveMap? _parent;
    private readonly ScopeLayer? _layer;
    private readonly ushort[] _ordinals; // the registry holds fewer modules than that
    private readonly EffectiveModule[] _modules;
    private MapBodies? _bodies;

    /// <summary>The system's map: every module is here, at its ordinal.</summary>
    internal EffectiveMap(ModuleIndex index, EffectiveModule[] modules)
    {
        Index = index;
        _modules = modules;
        _ordinals = [];
    }

    /// <summary>A map that differs from its parent's in some modules.</summary>
    /// <param name="parent">The parent's map.</param>
    /// <param name="layer">What was laid over it.</param>
    /// <param name="ordinals">Ascending.</param>
    /// <param name="modules">One for each ordinal.</param>
    internal EffectiveMap(EffectiveMap parent, ScopeLayer layer, ushort[] ordinals, EffectiveModule[] modules)
    {
        _parent = parent;
        _layer = layer;
        Index = parent.Index;
        _ordinals = ordinals;
        _modules = modules;
    }

    /// <summary>The map of a system without modules.</summary>
    public static EffectiveMap Empty { get; } = new(new ModuleIndex([], null), []);

    /// <inheritdoc/>
    public int Count => Index.Count;

    /// <summary>The version of the host that compatibility was checked against; null checks nothing.</summary>
    public SemanticVersion? HostVersion => Index.HostVersion;

    internal ModuleIndex Index { get; }

    /// <summary>Whether the map was resolved from these two.</summary>
    internal bool IsOf(EffectiveMap parent, ScopeLayer layer) => ReferenceEquals(_parent, parent) && ReferenceEquals(_layer, layer);

    /// <inheritdoc/>
    public EffectiveModule this[int index]
    {
        get
        {
            var map = this;
            while (map._parent is not null)
            {
                var found = Array.BinarySearch(map._ordinals, (ushort)index);
                if (found >= 0)
                {
                    return map._modules[found];
                }

                map = map._parent;
            }

            return map._modules[index];
        }
    }

    /// <summary>The effective module of that name; null when the system defines none. Allocates nothing.</summary>
    public EffectiveModule? Find(string module)
    {
        var ordinal = Index.Find(module);
        return ordinal < 0 ? null : this[ordinal];
    }

    /// <summary>The serialized answers of this map, made once and lazily.</summary>
    public MapBodies Bodies
    {
        get
        {
            if (_bodies is { } made)
            {
                return made;
            }

            var bodies = new MapBodies(this);
            return Interlocked.CompareExchange(ref _bodies, bodies, null) ?? bodies;
        }
    }

    /// <summary>Names of the modules whose answer is another object than in an earlier map; registered and removed ones too.</summary>
    /// <remarks>Objects are carried over where nothing changed, so this compares references only.</remarks>
    public IReadOnlyList<string> ChangedSince(EffectiveMap earlier)
    {
        if (ReferenceEquals(this, earlier))
        {
            return [];
        }

        var changed = this.Where(m => !ReferenceEquals(earlier.Find(m.Name), m)).Select(m => m.Name).ToList();
        changed.AddRange(earlier.Where(m => Index.Find(m.Name) < 0).Select(m => m.Name));
        return changed;
    }

    /// <inheritdoc/>
    public IEnumerator<EffectiveModule> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
