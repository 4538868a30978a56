using System.Buffers;
using System.Text;
using OrleansModules.Api.Access;
using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Api.Reads;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Api.Streaming;

/// <summary>Server-sent events: the version of a map at once, then one event per change.</summary>
/// <remarks>
/// A reader holds the view it was told of last and no queue: while it is slow, changes run together into the one event it gets next.
/// </remarks>
internal sealed class EventStream(IModuleEngine engine, Authenticator authenticator, AccessGate gate, ApiOptions options, IHostApplicationLifetime lifetime)
{
    private static readonly byte[] Bye = "event: bye\ndata: {}\n\n"u8.ToArray();
    private static readonly byte[] UpToDate = ": up to date\n\n"u8.ToArray();
    private static readonly byte[] KeepAlive = ": keep-alive\n\n"u8.ToArray();

    private readonly EventCache _events = new();
    private int _open;

    /// <summary>How many streams are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Serves the events of an organization or workspace until the client, the scope or the server ends it.</summary>
    public RequestDelegate Serve(ScopeKind kind) => async context =>
    {
        var faults = new List<Fault>();
        var scope = RouteIds.Read(context, kind, faults);
        var known = ReadLastEventId(context, new QueryParameters(context.Request, faults, "lastEventId"), faults);
        RouteIds.ThrowIfAny(faults);
        if (!Negotiation.Takes(context.Request.Headers.Accept, "text/event-stream"))
        {
            throw new ApiException(JsonAnswer.NotAcceptable("text/event-stream"));
        }

        if (await engine.FindViewAsync(scope!.Value, context.RequestAborted) is null) // no faults, so there is one
        {
            throw new ApiException(RouteIds.Missing(scope.Value));
        }

        await ServeAsync(context, scope.Value, known);
    };

    /// <summary>Counts one more stream of any kind; <see cref="Leave"/> counts it out.</summary>
    /// <exception cref="ApiException">There are too many already.</exception>
    public void Enter()
    {
        if (Interlocked.Increment(ref _open) > options.MaxEventStreams)
        {
            Leave();
            throw new ApiException(new ApiProblem(StatusCodes.Status503ServiceUnavailable, ApiCodes.TooManyStreams, $"There are {options.MaxEventStreams} event streams open already.") { RetryAfter = 5 });
        }
    }

    /// <summary>Counts a stream out.</summary>
    public void Leave() => Interlocked.Decrement(ref _open);

    private async Task ServeAsync(HttpContext context, ScopeId scope, MapVersion? known)
    {
        Enter();
        using var watch = engine.Watch(scope);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            var response = context.Response;
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-store";
            response.Headers.XContentTypeOptions = "nosniff";
            response.Headers["X-Accel-Buffering"] = "no";
            response.BodyWriter.Write(Encoding.ASCII.GetBytes($"retry: {Random.Shared.Next(1000, 3000)}\n\n"));
            await RunAsync(response, Caller.Of(context).Principal, scope, known, watch, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            if (!context.RequestAborted.IsCancellationRequested)
            {
                await WriteAsync(context.Response, Bye, context.RequestAborted);
            }
        }
        finally
        {
            Leave();
        }
    }

    private async Task RunAsync(HttpResponse response, Principal principal, ScopeId scope, MapVersion? known, ScopeWatch watch, CancellationToken ended)
    {
        ScopeView? told = null;
        await engine.ReadLayerAsync(scope, ended); // what is watched stays in memory, and is brought there if it has just gone
        while (engine.TryRead(scope, out var view))
        {
            // Members and tokens are in the layers of the scope and those above: whatever takes the right away wakes this stream.
            if (!IsStillAllowed(principal, scope))
            {
                await WriteAsync(response, Bye, ended);
                return;
            }

            if (told is null && known == view.Version)
            {
                await WriteAsync(response, Unchanged(UpToDate), ended);
            }
            else if (told?.Version != view.Version)
            {
                _events.Write(response.BodyWriter, told?.Map, view, Staleness.Seconds(engine));
                await response.BodyWriter.FlushAsync(ended);
            }

            told = view;
            while (!await watch.WaitAsync(options.HeartbeatInterval, ended) && IsStillAllowed(principal, scope))
            {
                await WriteAsync(response, Unchanged(KeepAlive), ended);
            }
        }

        await WriteAsync(response, "event: deleted\ndata: {}\n\n"u8.ToArray(), ended);
    }

    // A comment confirms to the client that what it was told is current. This node may be in no position to.
    private byte[] Unchanged(byte[] comment) => Staleness.Seconds(engine) is { } seconds ? Encoding.ASCII.GetBytes($"event: stale\ndata: {{\"staleFor\":{seconds}}}\n\n") : comment;

    private bool IsStillAllowed(Principal principal, ScopeId scope) => authenticator.IsCurrent(principal) && gate.Decide(principal, AccessAction.ReadMap, scope).IsAllowed;

    /// <summary>Writes to a client, and waits until it has taken the bytes in as far as the buffers between are full: there a slow reader waits.</summary>
    public static async ValueTask WriteAsync(HttpResponse response, ReadOnlyMemory<byte> bytes, CancellationToken ended)
    {
        response.BodyWriter.Write(bytes.Span);
        await response.BodyWriter.FlushAsync(ended);
    }

    private static MapVersion? ReadLastEventId(HttpContext context, QueryParameters query, List<Fault> faults)
    {
        if (context.Request.Headers.TryGetValue("Last-Event-ID", out var header) && header.Count > 0)
        {
            // An id this service never gave is no reason to refuse a reconnect: the current version follows at once.
            return MapVersion.TryParse(header.ToString(), out var version) ? version : null;
        }

        return query.Version("lastEventId");
    }
}
