using System.Collections.Frozen;
using System.Collections.Immutable;

namespace OrleansModules.Client;

/// <summary>Where in a map each module stands.</summary>
/// <remarks>
/// Immutable, safe for concurrent use. The maps of most scopes name the same modules in the same order and share one index: it costs
/// memory once, and stays in the processor's cache whatever scopes are asked for.
/// </remarks>
internal sealed class ModuleIndex
{
    private static volatile ModuleIndex s_recent = new([]);

    private readonly ImmutableArray<string> _names;
    private readonly FrozenDictionary<string, int> _places;

    private ModuleIndex(ImmutableArray<string> names)
    {
        _names = names;
        _places = names.Index().ToFrozenDictionary(n => n.Item, n => n.Index, StringComparer.Ordinal);
    }

    /// <summary>The index of modules, shared with the maps before where they have the same names.</summary>
    public static ModuleIndex Of(ImmutableArray<EffectiveModule> modules)
    {
        var recent = s_recent;
        if (!modules.Select(m => m.Name).SequenceEqual(recent._names, StringComparer.Ordinal))
        {
            s_recent = recent = new ModuleIndex([.. modules.Select(m => m.Name)]);
        }

        return recent;
    }

    /// <summary>The place of a module; negative where there is none of this name.</summary>
    public int Find(string module) => _places.TryGetValue(module, out var at) ? at : -1;
}
