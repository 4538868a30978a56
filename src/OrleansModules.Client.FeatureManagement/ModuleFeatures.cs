using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.FeatureManagement;

namespace OrleansModules.Client.FeatureManagement;

/// <summary>Ties features to modules.</summary>
public static class ModuleFeatures
{
    /// <summary>Makes <c>module-kb</c> and <c>module-kb.flags.voice</c> features of the scope at hand, which <see cref="IModuleScopeAccessor"/> names.</summary>
    /// <param name="features">What <c>AddFeatureManagement</c> or <c>AddScopedFeatureManagement</c> returned; <c>AddOrleansModules</c> adds the client itself.</param>
    /// <remarks>A flag's feature is on while the flag is on and its module is available. All other names are looked up in the host's configuration, as before.</remarks>
    public static IFeatureManagementBuilder AddModules(this IFeatureManagementBuilder features)
    {
        features.Services.Replace(ServiceDescriptor.Singleton<IFeatureDefinitionProvider, ModuleFeatureDefinitions>());
        return features;
    }
}
