using System.Collections.Concurrent;
using Microsoft.FeatureManagement;

namespace OrleansModules.Client.FeatureManagement;

/// <summary>Answers for modules and their flags from the client's copy of the scope at hand, and for everything else from the provider that was there before.</summary>
/// <remarks>Safe for concurrent use. While nothing is known of the scope, features that the other provider does not define are undefined, which is off.</remarks>
internal sealed class ModuleFeatureDefinitions(IModuleAvailability modules, IModuleScopeAccessor scopes, IFeatureDefinitionProvider others) : IFeatureDefinitionProvider
{
    private const int MaxKept = 10_000;

    private static readonly FeatureFilterConfiguration[] Always = [new() { Name = "AlwaysOn" }];

    private readonly ConcurrentDictionary<(string Name, bool IsOn), FeatureDefinition> _definitions = new();

    /// <inheritdoc/>
    public async Task<FeatureDefinition> GetFeatureDefinitionAsync(string featureName)
    {
        var (module, flag) = ModuleFeatureName.Parse(featureName);
        if (await SnapshotAsync() is { } snapshot && snapshot.TryFind(module, out var found) && (flag is null || found.FeatureFlags.ContainsKey(flag)))
        {
            return Definition(featureName, flag is null ? found.IsAvailable : found.HasFeature(flag));
        }

        return await others.GetFeatureDefinitionAsync(featureName);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FeatureDefinition> GetAllFeatureDefinitionsAsync()
    {
        var told = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var module in (await SnapshotAsync())?.Modules ?? [])
        {
            told.Add(module.Name);
            yield return Definition(module.Name, module.IsAvailable);
            foreach (var flag in module.FeatureFlags.Keys.Order(StringComparer.Ordinal))
            {
                var name = ModuleFeatureName.Of(module.Name, flag);
                told.Add(name);
                yield return Definition(name, module.HasFeature(flag));
            }
        }

        await foreach (var other in others.GetAllFeatureDefinitionsAsync())
        {
            if (!told.Contains(other.Name))
            {
                yield return other;
            }
        }
    }

    private ValueTask<ModuleSnapshot?> SnapshotAsync() => scopes.Scope is { } scope ? modules.GetAsync(scope) : ValueTask.FromResult<ModuleSnapshot?>(null);

    // Kept, because the feature manager holds what it worked out of a definition as long as it gets the same object.
    private FeatureDefinition Definition(string name, bool isOn)
    {
        if (_definitions.TryGetValue((name, isOn), out var kept))
        {
            return kept;
        }

        var definition = new FeatureDefinition { Name = name, EnabledFor = isOn ? Always : [] };
        return _definitions.Count < MaxKept ? _definitions.GetOrAdd((name, isOn), definition) : definition;
    }
}
