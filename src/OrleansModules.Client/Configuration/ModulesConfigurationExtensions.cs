using OrleansModules.Client.Configuration;

namespace Microsoft.Extensions.Configuration;

/// <summary>Adds modules to a host's configuration.</summary>
public static class ModulesConfigurationExtensions
{
    /// <summary>Shows the modules of one organization or workspace as configuration that reloads with every change.</summary>
    /// <param name="builder">The configuration.</param>
    /// <param name="configure">Says where the service is and which scope is meant.</param>
    public static IConfigurationBuilder AddOrleansModules(this IConfigurationBuilder builder, Action<ModulesConfigurationSource> configure) => builder.Add(configure);
}
