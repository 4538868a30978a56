using System.Buffers;
using System.Collections.Frozen;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using OrleansModules.Api.Access;
using OrleansModules.Api.Http;
using OrleansModules.Api.Requests;
using OrleansModules.Core.Bodies;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Api.Reads;

/// <summary>Reads many workspaces in one request, from the same bytes as single reads.</summary>
internal sealed class BatchRead(IModuleEngine engine, AccessGate gate, BodyCache cache, BodyReader bodies, ApiOptions options, StaleReads stale)
{
    // Sent in parts of about this size: a thousand large maps must not be in memory at once for one request.
    private const int PartBytes = 64 << 10;

    private static readonly FrozenSet<string> Known = FrozenSet.Create(StringComparer.Ordinal, "workspaces", "view");

    private static readonly Dictionary<string, bool> Views = new(StringComparer.Ordinal) { ["map"] = true, ["availability"] = false };

    /// <summary>Answers <c>{"results":[...],"notFound":[...]}</c>, in the order asked.</summary>
    public async Task ReadAsync(HttpContext context)
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        _ = new QueryParameters(context.Request, faults);
        using var body = await bodies.ReadAsync(context, BodyKind.Json, faults);
        var (ids, wholeMaps) = body is null ? ([], false) : ReadBody(body.RootElement, faults);
        RouteIds.ThrowIfAny(faults);

        await LoadAsync(ids, context.RequestAborted);
        var response = context.Response;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        await WriteAsync(response.BodyWriter, Caller.Of(context).Principal, ids, wholeMaps, context.RequestAborted);
    }

    /// <summary>Asks at once for all that are not in memory, where the engine does not hold everything there.</summary>
    private async Task LoadAsync(List<string> ids, CancellationToken aborted)
    {
        List<Task>? loads = null;
        foreach (var id in ids)
        {
            if (engine.FindLayer(ScopeId.Workspace(id)) is null)
            {
                (loads ??= []).Add(engine.ReadLayerAsync(ScopeId.Workspace(id), aborted).AsTask());
            }
        }

        if (loads is not null)
        {
            await Task.WhenAll(loads);
        }
    }

    private async ValueTask<ScopeView?> FindAsync(ScopeId workspace, CancellationToken aborted)
    {
        if (engine.TryRead(workspace, out var view))
        {
            return view;
        }

        // Gone again already, where more are asked for than the engine holds.
        var answer = engine.FindLayer(workspace) is null ? await engine.ReadAsync(workspace, null, TimeSpan.Zero, aborted) : default;
        return answer.Status == ReadStatus.Found ? answer.View : null;
    }

    private async Task WriteAsync(PipeWriter writer, Principal principal, List<string> ids, bool wholeMaps, CancellationToken aborted)
    {
        var missing = new List<string>();
        var first = true;
        var unsent = 0;
        writer.Write("{\"results\":["u8);
        foreach (var id in ids)
        {
            // Those of others are not told from those that do not exist.
            if (await FindAsync(ScopeId.Workspace(id), aborted) is not { } view || !gate.Decide(principal, AccessAction.ReadMap, ScopeId.Workspace(id)).IsAllowed)
            {
                missing.Add(id);
                continue;
            }

            unsent += WriteResult(writer, id, view, wholeMaps, first);
            first = false;
            if (unsent >= PartBytes)
            {
                unsent = 0;
                if ((await writer.FlushAsync(aborted)).IsCompleted)
                {
                    return; // the client has gone
                }
            }
        }

        writer.Write("],\"notFound\":["u8);
        writer.Write(Encoding.ASCII.GetBytes(string.Join(",", missing.Select(id => $"\"{id}\""))));
        writer.Write("]}"u8);
        await writer.FlushAsync(aborted);
    }

    private int WriteResult(PipeWriter writer, string id, ScopeView view, bool wholeMap, bool isFirst)
    {
        Span<byte> end = stackalloc byte[SharedBody.MaxEndLength];
        var shared = wholeMap ? view.Map.Bodies.Modules(ContentCoding.Identity, cache) : view.Map.Bodies.Available(ContentCoding.Identity, cache);
        var age = engine.StaleFor;
        if (age is not null)
        {
            stale.Add();
        }

        end = end[..shared.WriteEnd(view.Version, end, age)];
        writer.Write(isFirst ? "{\"workspaceId\":\""u8 : ",{\"workspaceId\":\""u8);
        writer.Write(Encoding.ASCII.GetBytes(id));
        writer.Write("\","u8);
        writer.Write(shared.Start.Span[1..]); // without the brace that opens it
        writer.Write(end);
        return id.Length + shared.Start.Length + end.Length;
    }

    private (List<string> Ids, bool WholeMaps) ReadBody(JsonElement body, List<Fault> faults)
    {
        var fields = new JsonFields(body, "", Known, faults);
        var ids = new List<string>();
        if (fields.IsObject && !fields.TryGet("workspaces", out _))
        {
            faults.Add(new Fault(FaultCodes.MissingField, "/workspaces", "'workspaces' is required."));
        }

        foreach (var (pointer, item) in fields.Items("workspaces", options.MaxBatch))
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString() is var id && ScopeId.IsValidId(id))
            {
                ids.Add(id);
            }
            else
            {
                faults.Add(new Fault(FaultCodes.InvalidId, pointer, $"{JsonFields.Describe(item)} is no workspace id."));
            }
        }

        return (ids, fields.Word("view", Views, true));
    }
}
