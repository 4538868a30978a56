using System.Collections.Frozen;
using System.Text.Json;
using OrleansModules.Api.Access;
using OrleansModules.Api.Http;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Usage;

namespace OrleansModules.Api.Usage;

/// <summary>Reads usage events from a request, and collects every fault in them.</summary>
internal sealed class UsageEventReader(IModuleEngine engine, AccessGate gate, UsageOptions options, TimeProvider time)
{
    private const int MaxActor = 200;
    private const int MaxDetailBytes = 4096;
    private const long MaxQuantity = 1_000_000_000_000;

    // Clocks of hosts may go a little ahead.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    private static readonly FrozenSet<string> BatchFields = FrozenSet.Create(StringComparer.Ordinal, "events");

    private static readonly FrozenSet<string> EventFields = FrozenSet.Create(
        StringComparer.Ordinal, "module", "orgId", "workspaceId", "actor", "eventType", "quantity", "occurredAt", "details");

    /// <summary>Reads one event, or a batch <c>{"events":[...]}</c>.</summary>
    /// <returns>Of no meaning where there are faults.</returns>
    public async Task<List<UsageEvent>> ReadAsync(Principal principal, JsonElement body, List<Fault> faults, CancellationToken cancellationToken)
    {
        var reading = new Reading(principal, time.GetUtcNow().UtcDateTime, faults, new Dictionary<ScopeId, Layer?>());
        var events = new List<UsageEvent>();
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("events", out _))
        {
            events.AddRange(await ReadEventAsync(reading, body, "", cancellationToken));
            return events;
        }

        foreach (var (pointer, item) in new JsonFields(body, "", BatchFields, faults).Items("events", options.MaxBatch))
        {
            events.AddRange(await ReadEventAsync(reading, item, pointer, cancellationToken));
        }

        return events;
    }

    private async ValueTask<UsageEvent[]> ReadEventAsync(Reading reading, JsonElement item, string pointer, CancellationToken cancellationToken)
    {
        var faults = reading.Faults;
        var before = faults.Count;
        var fields = new JsonFields(item, pointer, EventFields, faults);
        if (!fields.IsObject)
        {
            return [];
        }

        var module = ReadModule(fields, faults);
        var (orgId, workspaceId) = await ReadScopeAsync(reading, fields, cancellationToken);
        var actor = ReadActor(reading.Principal, fields);
        var eventType = fields.Text("eventType", 1, ModuleName.MaxLength, "use");
        if (!ModuleName.IsValid(eventType))
        {
            fields.Wrong("eventType", ModuleName.Form, 0);
        }

        var one = new UsageEvent(module ?? "", orgId ?? "", workspaceId, actor, eventType ?? "", ReadQuantity(fields), ReadTime(reading, fields), ReadDetails(fields));
        return faults.Count > before ? [] : [one];
    }

    private string? ReadModule(JsonFields fields, List<Fault> faults)
    {
        if (!fields.TryGet("module", out var value))
        {
            faults.Add(new Fault(FaultCodes.MissingField, fields.At("module"), "'module' is required."));
            return null;
        }

        var name = JsonFields.TextOf(value);
        if (!ModuleName.IsValid(name))
        {
            faults.Add(RouteIds.InvalidModule(name ?? JsonFields.Describe(value)) with { Pointer = fields.At("module") });
            return null;
        }

        // A module that was removed since may have been used before.
        if (engine.FindLayer(ScopeId.System) is not SystemLayer system || !system.Definitions.ContainsKey(name))
        {
            faults.Add(Missing.Module(name) with { Pointer = fields.At("module") });
        }

        return name;
    }

    // The organization is said, or found by the workspace. Scopes that are not the caller's are not told from those that do not exist.
    private async ValueTask<(string? OrgId, string? WorkspaceId)> ReadScopeAsync(Reading reading, JsonFields fields, CancellationToken cancellationToken)
    {
        var isFine = TryReadId(fields, "orgId", reading.Faults, out var orgId) & TryReadId(fields, "workspaceId", reading.Faults, out var workspaceId);
        if (!isFine)
        {
            return default;
        }

        if (orgId is null && workspaceId is null)
        {
            reading.Faults.Add(new Fault(FaultCodes.MissingField, fields.At("workspaceId"), "'workspaceId' is required, or 'orgId' for an organization as a whole."));
            return default;
        }

        var scope = workspaceId is null ? ScopeId.Org(orgId!) : ScopeId.Workspace(workspaceId); // one of them is said
        if (await FindAsync(reading, scope, cancellationToken) is not ScopeLayer layer)
        {
            reading.Faults.Add(Missing.Scope(scope) with { Pointer = fields.At(workspaceId is null ? "orgId" : "workspaceId") });
            return default;
        }

        return workspaceId is null || orgId is null || orgId.Equals(layer.OrgId, StringComparison.Ordinal)
            ? (orgId ?? layer.OrgId, workspaceId)
            : (fields.Wrong("orgId", $"the organization of workspace '{workspaceId}', or left out", orgId), workspaceId);
    }

    private async ValueTask<Layer?> FindAsync(Reading reading, ScopeId scope, CancellationToken cancellationToken)
    {
        if (!reading.Scopes.TryGetValue(scope, out var found))
        {
            found = engine.FindLayer(scope) ?? await engine.ReadLayerAsync(scope, cancellationToken);
            found = found is { IsDeleted: false } && gate.Decide(reading.Principal, AccessAction.ReportUsage, scope).IsAllowed ? found : null;
            reading.Scopes.Add(scope, found);
        }

        return found;
    }

    private static bool TryReadId(JsonFields fields, string name, List<Fault> faults, out string? id)
    {
        id = null;
        if (!fields.TryGet(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        id = JsonFields.TextOf(value);
        if (ScopeId.IsValidId(id))
        {
            return true;
        }

        faults.Add(new Fault(FaultCodes.InvalidId, fields.At(name), $"{JsonFields.Describe(value)} is no id."));
        return false;
    }

    // A machine says for whom; a person reports what they do themselves.
    private static string? ReadActor(Principal principal, JsonFields fields)
    {
        var actor = fields.Text("actor", 1, MaxActor);
        return principal.IsMachine ? actor
            : actor is null || actor.Equals(principal.Subject, StringComparison.Ordinal) ? principal.Subject
            : fields.Wrong("actor", "left out, or who asks", actor);
    }

    private static long ReadQuantity(JsonFields fields)
    {
        if (!fields.TryGet("quantity", out var value))
        {
            return 1;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var quantity) && quantity is >= 0 and <= MaxQuantity
            ? quantity
            : fields.Wrong("quantity", $"a whole number from 0 to {MaxQuantity}, got {JsonFields.Describe(value)}", 0L);
    }

    private DateTime ReadTime(Reading reading, JsonFields fields)
    {
        if (!fields.TryGet("occurredAt", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return reading.Now;
        }

        return Times.TryParse(JsonFields.TextOf(value), out var at) && at <= reading.Now + Ahead && at >= reading.Now - options.MaxAge
            ? at
            : fields.Wrong("occurredAt", $"a time such as 2026-11-21T08:00:00Z, not to come and not longer than {options.MaxAge.TotalDays:0} days ago, got {JsonFields.Describe(value)}", reading.Now);
    }

    private static JsonObjectValue ReadDetails(JsonFields fields)
    {
        var details = fields.Object("details", JsonObjectValue.Empty);
        return details.Utf8.Length <= MaxDetailBytes ? details : fields.Wrong("details", $"at most {MaxDetailBytes} bytes of JSON", JsonObjectValue.Empty);
    }

    /// <summary>What is the same for all events of a request.</summary>
    private sealed record Reading(Principal Principal, DateTime Now, List<Fault> Faults, Dictionary<ScopeId, Layer?> Scopes);
}
