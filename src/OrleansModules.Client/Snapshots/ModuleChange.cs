using System.Collections.Immutable;

namespace OrleansModules.Client;

/// <summary>A new map of a scope, or its end.</summary>
/// <param name="Snapshot">The map now; null where the scope does not exist any more.</param>
/// <param name="Changed">Names of the modules that differ from the map before.</param>
public sealed record ModuleChange(ModuleSnapshot? Snapshot, ImmutableArray<string> Changed);
