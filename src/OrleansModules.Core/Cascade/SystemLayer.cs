using System.Collections.Immutable;
using NuGet.Versioning;
using OrleansModules.Core.Modules;

namespace OrleansModules.Core.Cascade;

/// <summary>What the system scope says: all definitions, removed ones included, and the host's version.</summary>
/// <param name="revision">The system scope's revision.</param>
/// <param name="definitions">By module name.</param>
/// <param name="hostVersion">The version of the host application that modules must be compatible with; null checks nothing.</param>
/// <param name="extras">What the system says besides modules; null is nothing.</param>
public sealed class SystemLayer(long revision, ImmutableDictionary<string, DefinitionEntry> definitions, SemanticVersion? hostVersion, LayerExtras? extras = null) : Layer(revision)
{
    /// <summary>The layer before the first change.</summary>
    public static SystemLayer Empty { get; } = new(0, ImmutableDictionary.Create<string, DefinitionEntry>(StringComparer.Ordinal), null);

    /// <summary>By module name, removed modules included.</summary>
    public ImmutableDictionary<string, DefinitionEntry> Definitions { get; } = definitions;

    /// <summary>The version of the host application; null checks nothing.</summary>
    public SemanticVersion? HostVersion { get; } = hostVersion;

    /// <inheritdoc/>
    public override bool IsDeleted => false;

    /// <inheritdoc/>
    public override LayerExtras Extras { get; } = extras ?? LayerExtras.None;

    /// <summary>The definition of a module that is not removed; null otherwise.</summary>
    public ModuleDefinition? Find(string module) =>
        Definitions.TryGetValue(module, out var entry) && !entry.Definition.IsRemoved ? entry.Definition : null;
}

/// <summary>A definition with where it comes from.</summary>
/// <param name="Definition">The definition.</param>
/// <param name="Provenance">Which change set each of its values.</param>
/// <param name="Registered">The change that registered it.</param>
public sealed record DefinitionEntry(ModuleDefinition Definition, Provenance Provenance, ChangeMark Registered);
