using Microsoft.AspNetCore.Http.Features;
using OrleansModules.Api.Access;
using OrleansModules.Api.Http;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.OpenFeature;

/// <summary>Evaluates ahead of routing, where the address has its usual spelling and the caller is remembered.</summary>
/// <remarks>As hot reads are: everything else goes on to the route that has the same address.</remarks>
internal sealed class EvaluationPath(RequestDelegate next, FlagEvaluation evaluation, HotAccess access, EndpointDataSource routes)
{
    /// <summary>The pattern of the route that evaluates one flag.</summary>
    public const string Single = FlagEvaluation.Path + "/{" + FlagEvaluation.Key + "}";

    private Route? _single;
    private Route? _bulk;

    public Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || !TryParse(context.Request.Path.Value, out var key))
        {
            return next(context);
        }

        var route = key is null ? _bulk ??= Find(FlagEvaluation.Path) : _single ??= Find(Single);
        if (!access.Admits(context, route.Action, ScopeId.System, out var caller))
        {
            return next(context);
        }

        context.SetEndpoint(route.Endpoint); // whose name metrics give
        return evaluation.EvaluateAsync(context, key, caller);
    }

    /// <summary>Reads an address in its usual spelling.</summary>
    /// <param name="path">The address.</param>
    /// <param name="key">The key of the flag; null where all are evaluated.</param>
    /// <returns>False for whatever is another address, or spelled otherwise.</returns>
    public static bool TryParse(string? path, out string? key)
    {
        key = null;
        if (path?.StartsWith(FlagEvaluation.Path, StringComparison.Ordinal) != true)
        {
            return false;
        }

        var rest = path.AsSpan(FlagEvaluation.Path.Length);
        if (rest.Length > 1 && rest[0] == '/' && !rest[1..].ContainsAny('/', '%'))
        {
            key = rest[1..].ToString();
        }

        return rest.IsEmpty || key is not null;
    }

    /// <summary>The key in an address that routing has matched; null where there is none.</summary>
    /// <remarks>Servers decode paths but for the slash, after which nobody can tell <c>%2F</c> from <c>%252F</c>: such a key is read as it was sent.</remarks>
    public static string? KeyOf(HttpContext context)
    {
        var key = context.Request.RouteValues[FlagEvaluation.Key] as string;
        if (key?.Contains('%', StringComparison.Ordinal) != true || context.Features.Get<IHttpRequestFeature>()?.RawTarget is not { Length: > 0 } sent)
        {
            return key;
        }

        var path = sent.AsSpan();
        path = path[..(path.IndexOf('?') is var query and >= 0 ? query : path.Length)].TrimEnd('/');
        return Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
    }

    private Route Find(string pattern)
    {
        var endpoint = routes.Find(HttpMethods.Post, pattern);
        return new Route(endpoint, endpoint.Metadata.GetRequiredMetadata<AccessRule>().Action);
    }

    private sealed record Route(Endpoint Endpoint, AccessAction Action);
}
