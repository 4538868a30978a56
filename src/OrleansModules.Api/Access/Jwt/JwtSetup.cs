using Microsoft.Extensions.Options;

namespace OrleansModules.Api.Access.Jwt;

/// <summary>Registers the verifier of the identity provider's tokens, where one is configured.</summary>
internal static class JwtSetup
{
    /// <summary>Registers it; settings come from the section <see cref="JwtOptions.Section"/> and are validated at start.</summary>
    public static void AddJwt(this IServiceCollection services)
    {
        services.AddOptions<JwtOptions>().BindConfiguration(JwtOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(s => new JwtKeySource(s.GetRequiredService<IOptions<JwtOptions>>().Value));
        services.AddSingleton(s => new JwtKeys(
            s.GetRequiredService<IOptions<JwtOptions>>().Value, s.GetRequiredService<JwtKeySource>().ReadAsync, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<JwtKeys>>()));
        services.AddSingleton(s => new JwtVerifier(s.GetRequiredService<IOptions<JwtOptions>>().Value, s.GetRequiredService<JwtKeys>(), s.GetRequiredService<TimeProvider>()));
    }

    /// <summary>The verifier: one that the host registered, or that of the configured provider; null without either.</summary>
    public static IJwtVerifier? FindJwtVerifier(this IServiceProvider services) =>
        services.GetService<IJwtVerifier>() ?? (services.GetRequiredService<IOptions<JwtOptions>>().Value.IsConfigured ? services.GetRequiredService<JwtVerifier>() : null);
}
