using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace OrleansModules.Client;

/// <summary>The effective map of one scope at one version.</summary>
/// <remarks>Immutable, safe for concurrent use. Answers taken from one snapshot belong together: keep it for the length of a request.</remarks>
public sealed class ModuleSnapshot
{
    private readonly ModuleIndex _index;

    internal ModuleSnapshot(ModuleScope scope, MapVersion version, ImmutableArray<EffectiveModule> modules)
    {
        Scope = scope;
        Version = version;
        Modules = modules;
        _index = ModuleIndex.Of(modules);
    }

    /// <summary>The scope.</summary>
    public ModuleScope Scope { get; }

    /// <summary>The version that the service resolved it from.</summary>
    public MapVersion Version { get; }

    /// <summary>All modules, by tier, then name.</summary>
    public ImmutableArray<EffectiveModule> Modules { get; }

    /// <summary>Whether a module is available; false for a module that the service does not know.</summary>
    public bool IsAvailable(string module) => Find(module) is { IsAvailable: true };

    /// <summary>A module; null where the service does not know it.</summary>
    public EffectiveModule? Find(string module) => _index.Find(module) is var at and >= 0 ? Modules[at] : null;

    /// <summary>A module.</summary>
    /// <returns>False where the service does not know it.</returns>
    public bool TryFind(string module, [NotNullWhen(true)] out EffectiveModule? found) => (found = Find(module)) is not null;

    /// <summary>Names of the modules that differ between an earlier snapshot and this one, those that came and went included.</summary>
    /// <param name="earlier">The snapshot before; null for none, then every module differs.</param>
    public ImmutableArray<string> ChangedSince(ModuleSnapshot? earlier)
    {
        if (earlier is null)
        {
            return [.. Modules.Select(m => m.Name)];
        }

        var changed = Modules.Where(m => !ReferenceEquals(m, earlier.Find(m.Name))).Select(m => m.Name);
        return [.. changed.Concat(earlier.Modules.Where(m => Find(m.Name) is null).Select(m => m.Name))];
    }
}
