using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Unicode;
using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Api.Reads;
using OrleansModules.Api.Streaming;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Api.OpenFeature;

/// <summary>Server-sent events of the evaluation protocol: "evaluate again", at once and after every change.</summary>
/// <remarks>
/// Who may listen is in the address, as browsers send no credentials with event streams. The published clients do not evaluate again after a
/// reconnect by themselves, so the first event comes at once unless the client says that it has seen the version of now.
/// </remarks>
internal sealed class FlagStream(IModuleEngine engine, StreamTickets tickets, RefusedTickets refused, EventStream streams, ApiOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Where the streams are.</summary>
    public const string Path = "/ofrep/v1/event-stream";

    /// <summary>The query parameter with the ticket: a query is in no log of this service, a path may be.</summary>
    public const string Ticket = "ticket";

    private const int LongestEvent = MapVersion.MaxLength + EvaluationTag.MaxLength + 100; // the id, the tag, and the words around them

    private static readonly byte[] KeepAlive = ": keep-alive\n\n"u8.ToArray();
    private static readonly byte[] UpToDate = ": up to date\n\n"u8.ToArray();

    // The address is used up: the sooner the client finds out, the sooner it asks for another.
    private static readonly byte[] Ended = "retry: 10\n\n"u8.ToArray();

    /// <summary>Serves a stream until the client, the scope, the ticket or the server ends it.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        var faults = new List<Fault>();
        var text = new QueryParameters(context.Request, faults, Ticket).Text(Ticket);
        RouteIds.ThrowIfAny(faults);
        if (!Negotiation.Takes(context.Request.Headers.Accept, "text/event-stream"))
        {
            throw new ApiException(JsonAnswer.NotAcceptable("text/event-stream"));
        }

        if (text is null || !TryRead(text, out var ticket))
        {
            throw new ApiException(new ApiProblem(StatusCodes.Status401Unauthorized, ApiCodes.InvalidStreamTicket, "This address of an event stream is not valid, or not any more. Evaluate all flags to get another."));
        }

        if (await engine.FindViewAsync(ticket.Scope, context.RequestAborted) is null)
        {
            throw new ApiException(RouteIds.Missing(ticket.Scope));
        }

        await RunAsync(context, ticket);
    }

    private bool TryRead(string text, out StreamTicket ticket)
    {
        if (tickets.TryRead(text, out ticket))
        {
            return true;
        }

        refused.Add(isSigned: ticket != default);
        return false;
    }

    private async Task RunAsync(HttpContext context, StreamTicket ticket)
    {
        streams.Enter();
        using var watch = engine.Watch(ticket.Scope);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            var response = context.Response;
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-store";
            response.Headers.XContentTypeOptions = "nosniff";
            response.Headers["X-Accel-Buffering"] = "no";
            response.Headers["Referrer-Policy"] = "no-referrer";
            response.BodyWriter.Write(Encoding.ASCII.GetBytes($"retry: {Random.Shared.Next(1000, 3000)}\n\n"));
            await TellAsync(response, ticket, watch, context.Request.Headers["Last-Event-ID"].ToString(), ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client has gone, or the server goes: a client that is left reconnects by itself.
        }
        finally
        {
            streams.Leave();
        }
    }

    private async Task TellAsync(HttpResponse response, StreamTicket ticket, ScopeWatch watch, string lastEventId, CancellationToken ended)
    {
        var renewAt = RenewAt(ticket);
        MapVersion? told = null;
        await engine.ReadLayerAsync(ticket.Scope, ended);
        while (engine.TryReadVersion(ticket.Scope, out var version))
        {
            if (told is null && MapVersion.TryParse(lastEventId, out var known) && known == version)
            {
                await EventStream.WriteAsync(response, UpToDate, ended);
            }
            else if (told != version)
            {
                await TellAsync(response, ticket.Scope, version, ended);
            }

            told = version;
            while (true)
            {
                var now = time.GetUtcNow();
                if (now >= renewAt)
                {
                    // Once, and before the end however late it is: the answer to the evaluation that follows has the next address.
                    renewAt = DateTimeOffset.MaxValue;
                    await TellAsync(response, ticket.Scope, version, ended);
                }

                if (now >= ticket.ExpiresAt)
                {
                    await EventStream.WriteAsync(response, Ended, ended);
                    return;
                }

                var next = renewAt < ticket.ExpiresAt ? renewAt : ticket.ExpiresAt;
                var wait = next - now < options.HeartbeatInterval ? next - now : options.HeartbeatInterval;
                if (await watch.WaitAsync(wait + TimeSpan.FromMilliseconds(1), ended))
                {
                    break;
                }

                if (wait == options.HeartbeatInterval)
                {
                    await EventStream.WriteAsync(response, KeepAlive, ended);
                }
            }
        }

        await EventStream.WriteAsync(response, Ended, ended);
    }

    // Somewhere in the last of the two epochs of a ticket, not all streams at once.
    private DateTimeOffset RenewAt(StreamTicket ticket) => ticket.ExpiresAt - (tickets.Lifetime * (0.1 + (0.8 * Random.Shared.NextDouble())));

    // Straight into the response: a change of the system is told to as many streams as are open.
    private async ValueTask TellAsync(HttpResponse response, ScopeId scope, MapVersion version, CancellationToken ended)
    {
        WriteEvent(response.BodyWriter, scope, version, tickets.Now.Mark);
        await response.BodyWriter.FlushAsync(ended);
    }

    private static void WriteEvent(PipeWriter writer, ScopeId scope, MapVersion version, long mark)
    {
        Span<byte> ascii = stackalloc byte[EvaluationTag.MaxLength];
        ReadOnlySpan<byte> tag = ascii[..EvaluationTag.Format(ascii, scope, version, mark)];
        var id = tag[..tag.IndexOf(EvaluationTag.Separator)];
        Utf8.TryWrite(writer.GetSpan(LongestEvent), $"event: message\nid: {id}\ndata: {{\"type\":\"refetchEvaluation\",\"etag\":\"{tag}\"}}\n\n", out var length);
        writer.Advance(length);
    }
}
