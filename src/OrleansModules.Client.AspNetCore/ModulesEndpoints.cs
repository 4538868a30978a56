using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OrleansModules.Client.AspNetCore;

/// <summary>Ties endpoints to modules.</summary>
public static class ModulesEndpoints
{
    /// <summary>Says how the scope of a request is found, for <see cref="RequireModule"/> and for everything that asks for <see cref="IModuleScopeAccessor"/>.</summary>
    /// <param name="services">The services; <c>AddOrleansModules</c> adds the client itself.</param>
    /// <param name="resolve">How; null: <see cref="ScopeResolvers.WorkspaceInRoute"/>.</param>
    public static IServiceCollection AddModuleScope(this IServiceCollection services, ScopeResolver? resolve = null)
    {
        services.AddHttpContextAccessor();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, ModuleGatePolicy>());
        services.AddSingleton(resolve ?? ScopeResolvers.WorkspaceInRoute());
        return services.Replace(ServiceDescriptor.Singleton<IModuleScopeAccessor, RequestScopeAccessor>());
    }

    /// <summary>Answers 503 with the problem <c>module-disabled</c> unless a module is available in the scope of the request.</summary>
    /// <param name="endpoints">An endpoint or a group of them, of any kind: handlers, controllers, Razor pages and components, hubs.</param>
    /// <param name="module">The module's name.</param>
    /// <param name="resolve">How the scope is found; null: as <see cref="AddModuleScope"/> says.</param>
    /// <remarks>
    /// Other problems: 400 <c>scope-unresolved</c>, 404 <c>workspace-not-found</c> or <c>org-not-found</c>, 503 <c>module-state-unknown</c> while nothing is known.
    /// Decided after authorization and before the endpoint reads anything. Named several times, of a group and an endpoint in it, all the modules have to be available.
    /// When the endpoints are built, an <see cref="InvalidOperationException"/> tells that <see cref="AddModuleScope"/> is missing, or that an endpoint only leads to
    /// others that are found with each request, such as <c>MapFallbackToPage</c>: name the module at those.
    /// </remarks>
    public static TBuilder RequireModule<TBuilder>(this TBuilder endpoints, string module, ScopeResolver? resolve = null)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(module);
        var gate = new ModuleGate(module, resolve);
        try
        {
            endpoints.Finally(endpoint => Add(endpoint, gate)); // after all others, which may make it a dynamic one
        }
        catch (NotImplementedException) // what the interface does where a builder has no conventions that come last
        {
            endpoints.Add(endpoint => Add(endpoint, gate));
        }

        return endpoints;
    }

    private static void Add(EndpointBuilder endpoint, ModuleGate gate)
    {
        if (endpoint.ApplicationServices.GetService<IEnumerable<MatcherPolicy>>() is { } known)
        {
            RequirePolicy(known, endpoint.DisplayName);
        }
        else if (endpoint.RequestDelegate is { } next) // some endpoints are built without the services
        {
            var name = endpoint.DisplayName;
            endpoint.RequestDelegate = http =>
            {
                RequirePolicy(http.RequestServices.GetServices<MatcherPolicy>(), name);
                return next(http);
            };
        }

        if (endpoint.Metadata.OfType<IDynamicEndpointMetadata>().Any(m => m.IsDynamic))
        {
            throw new InvalidOperationException($"{nameof(RequireModule)} cannot tie '{endpoint.DisplayName}' to a module: it leads to endpoints that are found with each request. Name the module at those.");
        }

        endpoint.Metadata.Add(gate);
    }

    private static void RequirePolicy(IEnumerable<MatcherPolicy> policies, string? endpoint)
    {
        if (!policies.OfType<ModuleGatePolicy>().Any())
        {
            throw new InvalidOperationException($"{nameof(RequireModule)} on '{endpoint}' needs services.{nameof(AddModuleScope)}().");
        }
    }
}
