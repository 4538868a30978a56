using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansModules.Client;
using OrleansModules.Client.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the client to a host.</summary>
public static class ModulesClientServices
{
    /// <summary>Adds <see cref="IModuleAvailability"/>, one for the process; settings are validated at start.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The section with the settings, usually <see cref="ModulesClientOptions.Section"/>.</param>
    /// <param name="configure">Sets what a section cannot, such as <see cref="ModulesClientOptions.FetchToken"/>.</param>
    public static IServiceCollection AddOrleansModules(this IServiceCollection services, IConfiguration configuration, Action<ModulesClientOptions>? configure = null)
    {
        services.AddOptions<ModulesClientOptions>().Bind(configuration);
        return services.AddOrleansModules(configure ?? (_ => { }));
    }

    /// <summary>Adds <see cref="IModuleAvailability"/>, one for the process; settings are validated at start.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the settings.</param>
    /// <remarks>Uses the <see cref="TimeProvider"/> of the services where there is one.</remarks>
    public static IServiceCollection AddOrleansModules(this IServiceCollection services, Action<ModulesClientOptions> configure)
    {
        services.AddOptions<ModulesClientOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ModulesClientOptions>, ModulesClientValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(s => new ModulesClient(s.GetRequiredService<IOptions<ModulesClientOptions>>().Value, s.GetService<ILoggerFactory>(), s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IModuleAvailability>(s => s.GetRequiredService<ModulesClient>());
        services.TryAddSingleton<IModuleScopeAccessor, AmbientModuleScope>();
        services.AddHostedService<ModulesClientStart>();
        return services;
    }
}
