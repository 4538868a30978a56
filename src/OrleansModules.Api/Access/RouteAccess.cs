using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>Declares on routes what they require.</summary>
internal static class RouteAccess
{
    /// <summary>Declares what a route requires.</summary>
    public static IEndpointConventionBuilder Requires(this IEndpointConventionBuilder route, AccessAction action, ScopeKind kind) => route.Requires(new AccessRule(action, kind));

    /// <summary>Declares what a route requires.</summary>
    public static IEndpointConventionBuilder Requires(this IEndpointConventionBuilder route, AccessRule rule) => route.WithMetadata(rule);

    /// <summary>Refuses routes that declare nothing.</summary>
    /// <exception cref="InvalidOperationException">There is one; the message names all.</exception>
    public static void CheckAll(IEndpointRouteBuilder routes)
    {
        var open = routes.DataSources.SelectMany(s => s.Endpoints).Where(e => e.Metadata.GetMetadata<AccessRule>() is null).Select(e => e.DisplayName).ToList();
        if (open.Count > 0)
        {
            throw new InvalidOperationException($"Routes that do not say what they require: {string.Join("; ", open)}.");
        }
    }
}
