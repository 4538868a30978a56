using Microsoft.AspNetCore.Http.Metadata;
using OrleansModules.Api.Contracts;

namespace OrleansModules.Api.OpenApi;

/// <summary>Attaches to routes what the OpenAPI document says of them.</summary>
internal static class RouteDescriptions
{
    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps a read: GET and HEAD.</summary>
    public static IEndpointConventionBuilder MapRead(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) =>
        routes.MapMethods(pattern, ReadMethods, handler);

    /// <summary>Describes a route.</summary>
    public static void Describe(this IEndpointConventionBuilder route, ApiOperation operation)
    {
        route.WithMetadata(operation);
        route.WithSummary(operation.Summary);
        route.WithTags(operation.Tag);

        // The document is made from routes that tell of a method; these handlers are delegates with nothing to bind.
        route.WithMetadata(((Delegate)Nothing).Method);
        if (operation.Body is { } body)
        {
            string[] types = operation.IsPatch ? ["application/merge-patch+json", "application/json"] : ["application/json"];
            route.WithMetadata(new AcceptsMetadata(types, body));
        }

        route.WithMetadata(new ProducesResponseTypeMetadata(operation.Status, operation.Answer ?? typeof(Receipt), [operation.AnswerType]));
        if (operation.IsWrite && operation.Status == StatusCodes.Status200OK && operation.Id.EndsWith("Put", StringComparison.Ordinal) && !operation.Id.Contains("Override", StringComparison.Ordinal))
        {
            route.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status201Created, typeof(Receipt), ["application/json"]));
        }

        int[] own = operation.Failure is null ? [] : operation.Statuses;
        foreach (var status in own)
        {
            route.WithMetadata(new ProducesResponseTypeMetadata(status, operation.Failure, ["application/json"]));
        }

        int[] handler = operation.Failure is null ? [400, 406, .. operation.Statuses] : [];
        int[] gate = operation.IsPublic ? [] : [401, 403, 429];
        int[] writes = operation.IsWrite ? [404, 409, 412, 413, 415, 422, 503, 507] : [];
        foreach (var status in handler.Concat(gate).Concat(writes).Except(own).Order())
        {
            route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), ["application/problem+json"]));
        }
    }

    private static void Nothing()
    {
        // Has no parameters: OperationTransformer adds those of the route.
    }
}
