using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using OrleansModules.Api.Http;
using OrleansModules.Api.Requests;
using OrleansModules.Core.Bodies;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Reads;

/// <summary>Reads many workspaces in one request, from the same bytes as single reads.</summary>
internal sealed class BatchRead(IModuleEngine engine, BodyCache cache, BodyReader bodies, ApiOptions options)
{
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

        var response = context.Response;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        var missing = new List<string>();
        Write(response.BodyWriter, ids, wholeMaps, missing);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private void Write(IBufferWriter<byte> writer, List<string> ids, bool wholeMaps, List<string> missing)
    {
        Span<byte> end = stackalloc byte[SharedBody.MaxEndLength];
        writer.Write("{\"results\":["u8);
        var first = true;
        foreach (var id in ids)
        {
            if (!engine.TryRead(ScopeId.Workspace(id), out var view))
            {
                missing.Add(id);
                continue;
            }

            var shared = wholeMaps ? view.Map.Bodies.Modules(ContentCoding.Identity, cache) : view.Map.Bodies.Available(ContentCoding.Identity, cache);
            writer.Write(first ? "{\"workspaceId\":\""u8 : ",{\"workspaceId\":\""u8);
            writer.Write(Encoding.ASCII.GetBytes(id));
            writer.Write("\","u8);
            writer.Write(shared.Start.Span[1..]); // without the brace that opens it
            writer.Write(end[..shared.WriteEnd(view.Version, end)]);
            first = false;
        }

        writer.Write("],\"notFound\":["u8);
        writer.Write(Encoding.ASCII.GetBytes(string.Join(",", missing.Select(id => $"\"{id}\""))));
        writer.Write("]}"u8);
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
