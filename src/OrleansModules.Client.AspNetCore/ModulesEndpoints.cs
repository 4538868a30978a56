using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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
        services.AddSingleton(resolve ?? ScopeResolvers.WorkspaceInRoute());
        return services.Replace(ServiceDescriptor.Singleton<IModuleScopeAccessor, RequestScopeAccessor>());
    }

    /// <summary>Answers 503 with the problem <c>module-disabled</c> unless a module is available in the scope of the request.</summary>
    /// <param name="endpoints">An endpoint or a group of them.</param>
    /// <param name="module">The module's name.</param>
    /// <param name="resolve">How the scope is found; null: as <see cref="AddModuleScope"/> says.</param>
    /// <remarks>Other problems: 400 <c>scope-unresolved</c>, 404 <c>workspace-not-found</c> or <c>org-not-found</c>, 503 <c>module-state-unknown</c> while nothing is known.</remarks>
    public static TBuilder RequireModule<TBuilder>(this TBuilder endpoints, string module, ScopeResolver? resolve = null)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(module);
        return endpoints.AddEndpointFilter(new RequireModuleFilter(module, resolve));
    }
}
