namespace OrleansModules.Client;

/// <summary>A module that another needs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Range">The versions that do, in npm notation.</param>
/// <param name="IsOptional">Whether the module is available without it.</param>
public sealed record ModuleDependency(string Name, string Range, bool IsOptional);
