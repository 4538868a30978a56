using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.FeatureManagement;

namespace OrleansModules.Client.FeatureManagement;

/// <summary>Ties features to modules.</summary>
public static class ModuleFeatures
{
    private static readonly object Others = new(); // the key of the provider that was there before

    /// <summary>Makes <c>module-kb</c> and <c>module-kb.flags.voice</c> features of the scope at hand, which <see cref="IModuleScopeAccessor"/> names.</summary>
    /// <param name="features">What <c>AddFeatureManagement</c> or <c>AddScopedFeatureManagement</c> returned; <c>AddOrleansModules</c> adds the client itself.</param>
    /// <remarks>A flag's feature is on while the flag is on and its module is available. All other names are looked up where they were before: in the configuration, section or provider that was registered when this is called.</remarks>
    /// <exception cref="InvalidOperationException">No feature definition provider is registered.</exception>
    public static IFeatureManagementBuilder AddModules(this IFeatureManagementBuilder features)
    {
        var services = features.Services;
        if (services.Any(s => ReferenceEquals(s.ServiceKey, Others)))
        {
            return features; // it was called before
        }

        var others = services.LastOrDefault(s => s.ServiceType == typeof(IFeatureDefinitionProvider) && !s.IsKeyedService)
            ?? throw new InvalidOperationException($"{nameof(AddModules)} needs a feature definition provider, such as that of AddFeatureManagement().");
        services.Add(Keyed(others));
        services.Replace(ServiceDescriptor.Describe(
            typeof(IFeatureDefinitionProvider),
            s => ActivatorUtilities.CreateInstance<ModuleFeatureDefinitions>(s, s.GetRequiredKeyedService<IFeatureDefinitionProvider>(Others)),
            others.Lifetime));
        return features;
    }

    private static ServiceDescriptor Keyed(ServiceDescriptor one) => one switch
    {
        { ImplementationInstance: { } instance } => new ServiceDescriptor(one.ServiceType, Others, instance),
        { ImplementationFactory: { } make } => new ServiceDescriptor(one.ServiceType, Others, (s, _) => make(s), one.Lifetime),
        _ => new ServiceDescriptor(one.ServiceType, Others, one.ImplementationType!, one.Lifetime),
    };
}
