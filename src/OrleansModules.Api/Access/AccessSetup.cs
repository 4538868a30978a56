using Microsoft.Extensions.Options;
using OrleansModules.Api.Access.Jwt;
using OrleansModules.Core.Engines;

namespace OrleansModules.Api.Access;

/// <summary>Registers what access is made of.</summary>
internal static class AccessSetup
{
    /// <summary>Registers it; settings come from the section <see cref="AccessOptions.Section"/> and are validated at start.</summary>
    public static void AddModulesAccess(this IServiceCollection services)
    {
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(s => s.GetRequiredService<IOptions<AccessOptions>>().Value);
        services.AddSingleton(s => new Authenticator(
            s.GetRequiredService<IModuleEngine>(), s.GetRequiredService<AccessSecrets>(), s.GetRequiredService<AccessOptions>(), s.GetRequiredService<TimeProvider>(), s.FindJwtVerifier()));
        services.AddOptions<ThrottleOptions>().BindConfiguration(ThrottleOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(s => new Throttle(s.GetRequiredService<IOptions<ThrottleOptions>>().Value, s.GetRequiredService<TimeProvider>()));
        services.AddJwt();
        services.AddSingleton<AccessGate>();
        services.AddSingleton<HotAccess>();
        services.AddSingleton<AccessLimits>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<AuditReads>();
        services.AddSingleton(s => new FirstToken(s.GetRequiredService<IModuleEngine>(), s.GetRequiredService<AccessSecrets>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<Authenticator>()));
        services.AddSingleton<MemberEndpoints>();
        services.AddSingleton<TokenEndpoints>();
        services.AddSingleton<WhoAmI>();
        services.AddSingleton<WorkspaceCreation>();
    }
}
