using System.Buffers;
using Microsoft.Extensions.Primitives;
using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Core.Bodies;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Api.Reads;

/// <summary>The reads that shells do all the time: a map, a module, the names of available modules. Bytes are ready, only the end differs.</summary>
/// <remarks>Ends synchronously on the usual path: no binding, no waiting, one small string for the entity tag.</remarks>
internal sealed class HotReads(IModuleEngine engine, BodyCache cache, ApiOptions options, StaleReads stale)
{
    private static readonly StringValues Json = "application/json";
    private static readonly StringValues Revalidate = JsonAnswer.Revalidate;
    private static readonly StringValues NoStore = "no-store";
    private static readonly StringValues ByEncoding = "Accept-Encoding";
    private static readonly StringValues ByEncodingAndOrg = "Accept-Encoding, X-Org-Id";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues Gzip = "gzip";
    private static readonly StringValues Brotli = "br";

    /// <summary>Reads for routes.</summary>
    /// <param name="what">What is read.</param>
    /// <param name="kind">Where.</param>
    /// <param name="orgInQuery">Whether the route leaves it to the query or a header to name the organization.</param>
    /// <remarks>Whatever is not usual, faults included, goes the careful way. Without a query only a header can name the organization.</remarks>
    public RequestDelegate Read(HotRead what, ScopeKind kind, bool orgInQuery = false) => context =>
        !context.Request.QueryString.HasValue
        && RouteIds.TryRead(context, kind, out var scope, out _)
        && TryFind(context, scope, what == HotRead.Module ? context.Request.RouteValues[RouteIds.Module] as string : null, out var found)
            ? AnswerOrNotModified(context, what, found, orgInHeader: orgInQuery)
            : ReadCarefullyAsync(context, what, kind, orgInQuery);

    /// <summary>Finds what a usual read asks for, in memory.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scope">Where.</param>
    /// <param name="module">The module that is read; null for all.</param>
    /// <param name="found">What was found.</param>
    /// <returns>False where it is not there, or where the client does not take it.</returns>
    public bool TryFind(HttpContext context, ScopeId scope, string? module, out HotFound found)
    {
        found = default;
        if (!Negotiation.Takes(context.Request.Headers.Accept, "application/json") || !engine.TryRead(scope, out var view))
        {
            return false;
        }

        found = new HotFound(view, module is null ? null : view.Map.Find(module));
        return module is null || found.Module is not null;
    }

    /// <summary>Answers with what was found, or that it is what the client has.</summary>
    public Task Answer(HttpContext context, HotRead what, HotFound found) => AnswerOrNotModified(context, what, found, orgInHeader: false);

    private async Task ReadCarefullyAsync(HttpContext context, HotRead what, ScopeKind kind, bool orgInQuery)
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var id = RouteIds.Read(context, kind, faults);
        var module = what == HotRead.Module ? RouteIds.ReadModule(context, faults) : null;

        var query = orgInQuery ? new QueryParameters(context.Request, faults, "atLeast", "orgId") : new QueryParameters(context.Request, faults, "atLeast");
        var atLeast = query.Version("atLeast");
        RouteIds.ThrowIfAny(faults);
        var scope = id!.Value; // no faults, so there is one
        var orgInHeader = orgInQuery && query.Text("orgId") is null;
        var (status, view) = await engine.ReadAsync(scope, atLeast, options.AtLeastPatience, context.RequestAborted);
        await (status switch
        {
            // Before If-None-Match is looked at: what is not there is not unchanged either.
            ReadStatus.Found when module is not null && view.Map.Find(module) is null => ProblemWriter.WriteAsync(context, RouteIds.MissingModule(module)),
            ReadStatus.Found => AnswerOrNotModified(context, what, new HotFound(view, module is null ? null : view.Map.Find(module)), orgInHeader),
            ReadStatus.NotFound => ProblemWriter.WriteAsync(context, RouteIds.Missing(scope)),
            _ => ProblemWriter.WriteAsync(context, new ApiProblem(StatusCodes.Status503ServiceUnavailable, ApiCodes.VersionNotReached, $"{scope} is at {view.Version} here, not yet at {atLeast}.") { RetryAfter = 1, CurrentVersion = view.Version }),
        });
    }

    private Task AnswerOrNotModified(HttpContext context, HotRead what, HotFound found, bool orgInHeader)
    {
        var view = found.View;
        var headers = context.Response.Headers;
        headers.ETag = EntityTag.Of(view.Version);
        headers.CacheControl = Revalidate;
        headers.Vary = ByEncoding;
        Staleness.Say(headers, engine, stale);
        if (orgInHeader)
        {
            // Two organizations may be at the same version. At one address their entity tags are then the same, and browsers ask with the tag
            // of the one for the other, Vary or not: answered 304, they would show the wrong organization's modules.
            headers.CacheControl = NoStore;
            headers.Vary = ByEncodingAndOrg;
        }

        var known = context.Request.Headers.IfNoneMatch;
        if (known.Count > 0 && EntityTag.Matches(known, view.Version))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return what switch
        {
            HotRead.Module => AnswerModule(context, found.Module!), // it was looked for, and found
            HotRead.Map => AnswerMap(context, view),
            _ => AnswerAvailable(context, view),
        };
    }

    private Task AnswerMap(HttpContext context, ScopeView view)
    {
        var plain = view.Map.Bodies.Modules(ContentCoding.Identity, cache);
        return TryPickCoding(context, plain, out var coding)
            ? Write(context, coding == ContentCoding.Identity ? plain : view.Map.Bodies.Modules(coding, cache), coding, view.Version)
            : RefuseCoding(context);
    }

    private Task AnswerAvailable(HttpContext context, ScopeView view)
    {
        var plain = view.Map.Bodies.Available(ContentCoding.Identity, cache);
        return TryPickCoding(context, plain, out var coding)
            ? Write(context, coding == ContentCoding.Identity ? plain : view.Map.Bodies.Available(coding, cache), coding, view.Version)
            : RefuseCoding(context);
    }

    private Task AnswerModule(HttpContext context, EffectiveModule module)
    {
        var body = module.Utf8(cache);
        var response = context.Response;
        response.Headers.ContentType = Json;
        response.Headers.XContentTypeOptions = NoSniff;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            response.BodyWriter.Write(body);
        }

        return Task.CompletedTask;
    }

    private bool TryPickCoding(HttpContext context, SharedBody plain, out ContentCoding coding)
    {
        var picked = Negotiation.TryPickCoding(context.Request.Headers.AcceptEncoding, out coding);
        if (plain.Start.Length < options.MinCompressBytes && Negotiation.TakesPlain(context.Request.Headers.AcceptEncoding))
        {
            coding = ContentCoding.Identity;
        }

        return picked;
    }

    private static Task RefuseCoding(HttpContext context)
    {
        context.Response.Headers.ETag = StringValues.Empty;
        return ProblemWriter.WriteAsync(context, new ApiProblem(StatusCodes.Status406NotAcceptable, ApiCodes.NotAcceptable, "The answer comes plain, as gzip or as br, none of which the request's Accept-Encoding header takes."));
    }

    private Task Write(HttpContext context, SharedBody body, ContentCoding coding, MapVersion version)
    {
        Span<byte> end = stackalloc byte[SharedBody.MaxEndLength];
        end = end[..body.WriteEnd(version, end, engine.StaleFor)];
        var response = context.Response;
        response.Headers.ContentType = Json;
        response.Headers.XContentTypeOptions = NoSniff;
        if (coding != ContentCoding.Identity)
        {
            response.Headers.ContentEncoding = coding == ContentCoding.Gzip ? Gzip : Brotli;
        }

        response.ContentLength = body.Start.Length + end.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            var writer = response.BodyWriter;
            writer.Write(body.Start.Span);
            writer.Write(end);
        }

        return Task.CompletedTask;
    }
}

/// <summary>What a hot read found.</summary>
/// <param name="View">The scope's map and version.</param>
/// <param name="Module">The module, where one was asked for.</param>
internal readonly record struct HotFound(ScopeView View, EffectiveModule? Module);
