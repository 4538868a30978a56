using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansModules.Api.Http;
using OrleansModules.Api.Reads;

namespace OrleansModules.Bench.Access;

/// <summary>The product's short way of hot reads, but for the gate: the same steps in the same order, and everybody passes.</summary>
internal sealed class OpenPath(RequestDelegate next, HotReads reads, EndpointDataSource routes)
{
    private Endpoint? _route;

    public Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method)
            || context.Request.QueryString.HasValue
            || !HotAddress.TryParse(context.Request.Path.Value, out var address)
            || !reads.TryFind(context, address.Scope, address.Module, out var found))
        {
            return next(context);
        }

        // Only one address is read here.
        _route ??= routes.Find(HttpMethods.Get, HotAddress.Pattern(address.What, address.Scope.Kind));
        context.SetEndpoint(_route);
        return reads.Answer(context, address.What, found);
    }
}
