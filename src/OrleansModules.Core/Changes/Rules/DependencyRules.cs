using OrleansModules.Core.Faults;
using OrleansModules.Core.Modules;

namespace OrleansModules.Core.Changes.Rules;

/// <summary>What a change of definitions does to dependencies (requirement A9).</summary>
internal static class DependencyRules
{
    /// <summary>Enabled modules that require a module which is not registered, not enabled, or of a version out of range.</summary>
    /// <param name="definitions">By name, removed ones included.</param>
    public static HashSet<(string Module, string Dependency)> Unmet(IReadOnlyDictionary<string, ModuleDefinition> definitions)
    {
        var unmet = new HashSet<(string, string)>();
        foreach (var module in definitions.Values.Where(d => d is { IsEnabled: true, IsRemoved: false }))
        {
            foreach (var dependency in module.Dependencies.Where(d => !d.IsOptional))
            {
                var on = definitions.TryGetValue(dependency.Name, out var needed) && needed is { IsEnabled: true, IsRemoved: false }
                    && dependency.Range.Contains(needed.Version);
                if (!on)
                {
                    unmet.Add((module.Name, dependency.Name));
                }
            }
        }

        return unmet;
    }

    /// <summary>A cycle that a changed module is part of, as the names along it; empty when there is none. Optional dependencies count.</summary>
    public static IReadOnlyList<string> FindCycle(IReadOnlyDictionary<string, ModuleDefinition> definitions, string changed)
    {
        var path = new List<string>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        return Visit(changed) ? path : [];

        bool Visit(string name)
        {
            path.Add(name);
            if (definitions.TryGetValue(name, out var definition) && !definition.IsRemoved)
            {
                foreach (var dependency in definition.Dependencies)
                {
                    if (dependency.Name.Equals(changed, StringComparison.Ordinal))
                    {
                        path.Add(changed);
                        return true;
                    }

                    if (done.Add(dependency.Name) && Visit(dependency.Name))
                    {
                        return true;
                    }
                }
            }

            path.RemoveAt(path.Count - 1);
            return false;
        }
    }

    /// <summary>Names a dependency that is not met.</summary>
    public static Fault Conflict(string module, string dependency, IReadOnlyDictionary<string, ModuleDefinition> definitions)
    {
        var state = !definitions.TryGetValue(dependency, out var needed) || needed.IsRemoved ? "is not registered"
            : !needed.IsEnabled ? "is disabled"
            : $"has version {needed.Version}, which is not in the range {definitions[module].Dependencies.First(d => d.Name.Equals(dependency, StringComparison.Ordinal)).Range}";
        return new Fault(FaultCodes.DependencyConflict, "", $"'{module}' requires '{dependency}', which {state}.") { Module = dependency };
    }

    /// <summary>Names a dependent that a change would break.</summary>
    public static Fault Dependent(string dependent, string changed) =>
        new(FaultCodes.DependentModulesExist, "", $"'{dependent}' is enabled and requires '{changed}'; ?force=true does it all the same.") { Module = dependent };
}
