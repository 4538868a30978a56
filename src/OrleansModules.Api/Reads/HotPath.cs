using OrleansModules.Api.Access;
using OrleansModules.Api.Http;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Reads;

/// <summary>Answers hot reads in their usual form ahead of routing, which would take longer than all the rest of them.</summary>
/// <remarks>
/// What is not usual goes on to the route that has the same address, and is answered there in every detail: another spelling, a query, a scope that is
/// not in memory, a credential seen for the first time, a refusal. What such a read requires is what its route says.
/// </remarks>
internal sealed class HotPath(RequestDelegate next, HotReads reads, HotAccess access, EndpointDataSource routes)
{
    private static readonly int Kinds = Enum.GetValues<ScopeKind>().Length;

    private HotRoute[]? _routes;

    public Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method)
            || context.Request.QueryString.HasValue
            || !HotAddress.TryParse(context.Request.Path.Value, out var address)
            || !reads.TryFind(context, address.Scope, address.Module, out var found))
        {
            return next(context);
        }

        var route = (_routes ??= FindRoutes())[Index(address.What, address.Scope.Kind)];
        if (!access.Admits(context, route.Rule.Action, address.Scope, out _))
        {
            return next(context);
        }

        context.SetEndpoint(route.Endpoint); // whose name metrics give
        return reads.Answer(context, address.What, found);
    }

    // Routes are mapped after this is made. Should two requests come first, both find the same.
    private HotRoute[] FindRoutes()
    {
        var found = new HotRoute[Enum.GetValues<HotRead>().Length * Kinds];
        foreach (var what in Enum.GetValues<HotRead>())
        {
            foreach (var kind in (ReadOnlySpan<ScopeKind>)[ScopeKind.Org, ScopeKind.Workspace])
            {
                var endpoint = routes.Find(HttpMethods.Get, HotAddress.Pattern(what, kind));
                found[Index(what, kind)] = new HotRoute(endpoint, endpoint.Metadata.GetRequiredMetadata<AccessRule>());
            }
        }

        return found;
    }

    private static int Index(HotRead what, ScopeKind kind) => ((int)what * Kinds) + (int)kind;

    private readonly record struct HotRoute(Endpoint Endpoint, AccessRule Rule);
}
