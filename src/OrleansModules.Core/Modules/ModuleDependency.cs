using OrleansModules.Core.Versions;

namespace OrleansModules.Core.Modules;

/// <summary>What a module needs of another.</summary>
/// <param name="Name">The other module.</param>
/// <param name="Range">Which of its versions will do.</param>
/// <param name="IsOptional">An optional dependency orders and documents, but never makes a module unavailable.</param>
public sealed record ModuleDependency(string Name, VersionRange Range, bool IsOptional);
