using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Tree;

/// <summary>What a read answers: a scope's map and the version it was resolved from. Both belong together.</summary>
/// <param name="Map">The effective map; shared, immutable.</param>
/// <param name="Version">The revisions of the very layers that <paramref name="Map"/> was resolved from.</param>
public readonly record struct ScopeView(EffectiveMap Map, MapVersion Version);
