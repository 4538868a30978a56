using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Primitives;
using OrleansModules.Api.Access;
using OrleansModules.Api.Context;
using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Api.Reads;
using OrleansModules.Core.Bodies;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Api.OpenFeature;

/// <summary>The OpenFeature Remote Evaluation Protocol 0.3.0: one flag, or all flags of a scope.</summary>
/// <remarks>Ends synchronously on the usual path. Every answer is of the protocol, failures too.</remarks>
internal sealed partial class FlagEvaluation(IModuleEngine engine, BodyCache cache, ApiOptions options, StaleReads stale, AnswerEnds ends, ICallerRights callers, ILogger<FlagEvaluation> logger)
{
    /// <summary>Where all flags are evaluated; one is evaluated below it.</summary>
    public const string Path = "/ofrep/v1/evaluate/flags";

    /// <summary>The name of the route value that holds a flag's key.</summary>
    public const string Key = "key";

    private const string EtagParameter = "flagConfigEtag";
    private const int LongestStale = 32; // ,"staleFor": and a number

    private static readonly StringValues Json = "application/json";
    private static readonly StringValues Revalidate = JsonAnswer.Revalidate;
    private static readonly StringValues NoStore = "no-store";
    private static readonly StringValues ByEncoding = "Accept-Encoding";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues Gzip = "gzip";
    private static readonly StringValues Brotli = "br";

    private readonly EvaluationCache _evaluations = new();

    /// <summary>Evaluates what the route names.</summary>
    public Task EvaluateAsync(HttpContext context) => EvaluateAsync(context, EvaluationPath.KeyOf(context), null);

    /// <summary>Evaluates one flag, or all.</summary>
    /// <param name="context">The request.</param>
    /// <param name="key">The flag's key; null for all flags.</param>
    /// <param name="caller">Who asks, where that was found out already.</param>
    public Task EvaluateAsync(HttpContext context, string? key, Principal? caller)
    {
        try
        {
            var evaluated = Evaluate(context, key, caller);
            return evaluated.IsCompletedSuccessfully ? evaluated : FinishAsync(context, key, evaluated);
        }
        catch (Exception e) when (CanAnswer(context))
        {
            return FailAsync(context, key, e);
        }
    }

    private async Task FinishAsync(HttpContext context, string? key, Task evaluated)
    {
        try
        {
            await evaluated;
        }
        catch (Exception e) when (CanAnswer(context))
        {
            await FailAsync(context, key, e);
        }
    }

    private static bool CanAnswer(HttpContext context) => !context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted;

    private Task FailAsync(HttpContext context, string? key, Exception failure)
    {
        if (failure is BadHttpRequestException { StatusCode: var status })
        {
            context.Response.Clear();
            return (status == StatusCodes.Status413PayloadTooLarge ? TooLarge() : new EvaluationFault(EvaluationFault.ParseError, "The body could not be read to its end.")).WriteAsync(context, key);
        }

        LogFailed(failure, context.Request.Path.Value, ProblemWriter.TraceId(context));
        context.Response.Clear();
        return new EvaluationFault(EvaluationFault.General, "Something went wrong here. The trace id finds it in the log.").WriteAsync(context, key);
    }

    private Task Evaluate(HttpContext context, string? key, Principal? caller)
    {
        var reader = context.Request.BodyReader;
        if (context.Request.QueryString.HasValue || !reader.TryRead(out var read))
        {
            return EvaluateCarefullyAsync(context, key);
        }

        if (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            return EvaluateCarefullyAsync(context, key);
        }

        var fault = Read(read.Buffer, out var scope);
        reader.AdvanceTo(read.Buffer.End);
        return fault is null && callers.MayRead(context, caller, scope) && engine.TryRead(scope, out var view)
            ? Answer(context, scope, view, key)
            : AnswerCarefullyAsync(context, fault, scope, key);
    }

    private async Task EvaluateCarefullyAsync(HttpContext context, string? key)
    {
        var reader = context.Request.BodyReader;
        EvaluationFault? fault;
        ScopeId scope;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.IsCompleted || read.Buffer.Length > options.MaxBodyBytes)
            {
                fault = Read(read.Buffer, out scope);
                reader.AdvanceTo(read.Buffer.End);
                break;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        await AnswerCarefullyAsync(context, fault, scope, key);
    }

    private EvaluationFault? Read(in ReadOnlySequence<byte> body, out ScopeId scope)
    {
        scope = default;
        return body.Length > options.MaxBodyBytes
            ? TooLarge()
            : EvaluationContext.Read(body, options.MaxJsonDepth, out scope);
    }

    private EvaluationFault TooLarge() => new(EvaluationFault.ParseError, $"A body may have {options.MaxBodyBytes} bytes.");

    private async Task AnswerCarefullyAsync(HttpContext context, EvaluationFault? fault, ScopeId scope, string? key)
    {
        if (fault is null && !await MayReadAsync(context, scope))
        {
            fault = new EvaluationFault(EvaluationFault.Forbidden, $"The caller may not read {scope}.");
        }

        var view = default(ScopeView);
        if (fault is null)
        {
            // An event may be ahead of this node.
            var told = EvaluationTag.VersionIn(context.Request.Query[EtagParameter], scope);
            (var status, view) = await engine.ReadAsync(scope, told, options.AtLeastPatience, context.RequestAborted);
            fault = status switch
            {
                ReadStatus.Found => null,
                ReadStatus.NotFound => new EvaluationFault(EvaluationFault.InvalidContext, $"{scope} does not exist."),
                _ => new EvaluationFault(EvaluationFault.General, $"{scope} is at {view.Version} here, not yet at {told}; ask again."),
            };
            if (status == ReadStatus.Behind)
            {
                LogBehind(scope, view.Version, told, ProblemWriter.TraceId(context));
            }
        }

        await (fault is null ? Answer(context, scope, view, key) : fault.WriteAsync(context, key));
    }

    // What is not in memory counts as not there: before somebody is refused for that, the record is asked.
    private async ValueTask<bool> MayReadAsync(HttpContext context, ScopeId scope)
    {
        if (callers.MayRead(context, null, scope))
        {
            return true;
        }

        await engine.ReadLayerAsync(scope, context.RequestAborted);
        return callers.MayRead(context, null, scope);
    }

    private Task Answer(HttpContext context, ScopeId scope, ScopeView view, string? key) => key is null ? AnswerBulk(context, scope, view) : AnswerSingle(context, scope, view, key);

    private Task AnswerSingle(HttpContext context, ScopeId scope, ScopeView view, string text)
    {
        if (!FlagKey.TryParse(text, out var key) || view.Map.Find(key.Module) is not { } module || _evaluations.Get(module, text, key) is not { } start)
        {
            return new EvaluationFault(EvaluationFault.FlagNotFound, $"There is no flag '{text}' in {scope}.").WriteAsync(context, text);
        }

        var response = context.Response;
        response.Headers.CacheControl = NoStore;
        response.Headers.ContentType = Json;
        response.Headers.XContentTypeOptions = NoSniff;
        Span<byte> end = stackalloc byte[SharedBody.MaxEndLength + LongestStale];
        var length = WriteEnd(context, ends.Get(scope, view.Version).Single, "}}"u8, end);
        response.ContentLength = start.Length + length;
        var writer = response.BodyWriter;
        writer.Write(start);
        writer.Write(end[..length]);
        return Task.CompletedTask;
    }

    private Task AnswerBulk(HttpContext context, ScopeId scope, ScopeView view)
    {
        var end = ends.Get(scope, view.Version);
        var response = context.Response;
        response.Headers.ETag = end.ETag;
        response.Headers.CacheControl = Revalidate;
        response.Headers.Vary = ByEncoding;
        var known = context.Request.Headers.IfNoneMatch;
        if (known.Count > 0 && EntityTag.Matches(known, end.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        // A client that takes no coding at all is no reason to refuse: the protocol has no status for it.
        var plain = view.Map.Bodies.Evaluations(ContentCoding.Identity, cache, FlagJson.WriteAll);
        Negotiation.TryPickCoding(context.Request.Headers.AcceptEncoding, out var coding);
        if (plain.Start.Length < options.MinCompressBytes)
        {
            coding = ContentCoding.Identity;
        }

        var body = coding == ContentCoding.Identity ? plain : view.Map.Bodies.Evaluations(coding, cache, FlagJson.WriteAll);
        var closed = engine.StaleFor is null ? end.Close(body) : CloseStale(context, end, body);
        response.Headers.ContentType = Json;
        response.Headers.XContentTypeOptions = NoSniff;
        if (coding != ContentCoding.Identity)
        {
            response.Headers.ContentEncoding = coding == ContentCoding.Gzip ? Gzip : Brotli;
        }

        response.ContentLength = body.Start.Length + closed.Length;
        var writer = response.BodyWriter;
        writer.Write(body.Start.Span);
        writer.Write(closed);
        return Task.CompletedTask;
    }

    private byte[] CloseStale(HttpContext context, AnswerEnd end, SharedBody body)
    {
        Span<byte> bare = stackalloc byte[end.Bulk.Length + LongestStale];
        bare = bare[..WriteEnd(context, end.Bulk, "}}"u8, bare)];
        Span<byte> framed = stackalloc byte[bare.Length + SharedBody.MaxFrameLength];
        return framed[..body.WriteEnd(bare, framed)].ToArray();
    }

    /// <summary>Writes the end of metadata, with its age where the record has not confirmed it lately.</summary>
    private int WriteEnd(HttpContext context, ReadOnlySpan<byte> open, ReadOnlySpan<byte> close, Span<byte> destination)
    {
        open.CopyTo(destination);
        var length = open.Length;
        if (engine.StaleFor is { } age)
        {
            stale.Add();
            var seconds = ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers[Staleness.Header] = seconds;
            length += System.Text.Encoding.ASCII.GetBytes($",\"staleFor\":{seconds}", destination[length..]);
        }

        close.CopyTo(destination[length..]);
        return length + close.Length;
    }

    [LoggerMessage(210, LogLevel.Error, "Evaluation at {Path} failed (trace {TraceId}).")]
    private partial void LogFailed(Exception error, string? path, string traceId);

    [LoggerMessage(211, LogLevel.Information, "{Scope} is at {Version} here, not yet at {Told}, which an evaluation asked for (trace {TraceId}).")]
    private partial void LogBehind(ScopeId scope, MapVersion version, MapVersion? told, string traceId);
}
