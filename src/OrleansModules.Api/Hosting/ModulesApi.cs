using Microsoft.Extensions.Options;
using OrleansModules.Api.Access;
using OrleansModules.Api.Changes;
using OrleansModules.Api.Context;
using OrleansModules.Api.Health;
using OrleansModules.Api.History;
using OrleansModules.Api.Http;
using OrleansModules.Api.OpenApi;
using OrleansModules.Api.OpenFeature;
using OrleansModules.Api.Overrides;
using OrleansModules.Api.Problems;
using OrleansModules.Api.Reads;
using OrleansModules.Api.Registry;
using OrleansModules.Api.Requests;
using OrleansModules.Api.Scopes;
using OrleansModules.Api.Streaming;
using OrleansModules.Api.Usage;
using OrleansModules.Core.Bodies;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api;

/// <summary>
/// Adds the HTTP side to a host. The host registers an <see cref="Core.Engines.IModuleEngine"/>, an <see cref="Core.Audit.IAuditLog"/>, an
/// <see cref="Core.Usage.IUsageStore"/> and <see cref="AccessSecrets"/>.
/// </summary>
public static class ModulesApi
{
    private static readonly string[] ExposedHeaders = ["ETag", "Idempotent-Replayed", "Location", "Retry-After", Staleness.Header];

    /// <summary>Registers what the endpoints need; settings come from the section <see cref="ApiOptions.Section"/> and are validated at start.</summary>
    public static IServiceCollection AddModulesApi(this IServiceCollection services)
    {
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(s => s.GetRequiredService<IOptions<ApiOptions>>().Value);
        services.AddSingleton(s => new BodyCache(s.GetRequiredService<ApiOptions>().BodyCacheBytes));
        services.AddSingleton<StaleReads>();
        services.AddModulesAccess();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<BatchRead>();
        services.AddSingleton<ChangeEndpoint>();
        services.AddSingleton<EventStream>();
        services.AddSingleton<HealthReads>();
        services.AddSingleton<HistoryReads>();
        services.AddSingleton<HotReads>();
        services.AddSingleton<OverrideReads>();
        services.AddSingleton<RegistryReads>();
        services.AddSingleton<ScopeReads>();
        services.AddOpenFeature();
        services.AddWorkspaceContext();
        services.AddUsage();
        services.AddCors();
        services.AddModulesOpenApi();
        return services;
    }

    /// <summary>Puts problem details, CORS where origins are configured, the short way of hot reads, and the gate in front of the endpoints.</summary>
    public static WebApplication UseModulesApi(this WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        var origins = app.Services.GetRequiredService<ApiOptions>().CorsOrigins;
        if (origins.Length > 0)
        {
            app.UseCors(cors => cors.WithOrigins(origins).AllowAnyMethod().AllowAnyHeader().WithExposedHeaders(ExposedHeaders));
        }

        app.UseMiddleware<HotPath>();
        app.UseMiddleware<EvaluationPath>();
        app.UseRouting();
        app.UseMiddleware<AccessMiddleware>();
        return app;
    }

    /// <summary>Maps every endpoint.</summary>
    public static WebApplication MapModulesApi(this WebApplication app)
    {
        new Routes(app.Services).Map(app);
        app.MapOpenApi("/openapi/{documentName}.json").Requires(AccessAction.Public, ScopeKind.System).Add(route =>
        {
            var answer = route.RequestDelegate!; // a mapped route has one
            route.RequestDelegate = context =>
            {
                SecurityHeaders.SetForData(context.Response);
                return answer(context);
            };
        });
        RouteAccess.CheckAll(app);
        return app;
    }
}
