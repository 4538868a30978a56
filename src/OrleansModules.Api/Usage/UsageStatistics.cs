using System.Text.Json;
using OrleansModules.Api.Http;
using OrleansModules.Api.Requests;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Usage;

namespace OrleansModules.Api.Usage;

/// <summary>Answers what was used in an organization, and sums days up when asked to.</summary>
internal sealed class UsageStatistics(IUsageStore store, UsageRollUp rollUp, IModuleEngine engine, BodyReader bodies, TimeProvider time, ApiOptions options)
{
    private const int DefaultDays = 30;

    private static readonly Dictionary<string, UsageGranularity> Granularities =
        Enum.GetValues<UsageGranularity>().ToDictionary(g => JsonNamingPolicy.CamelCase.ConvertName(g.ToString()), StringComparer.Ordinal);

    /// <summary>A page of sums by period, module and event type.</summary>
    public async Task ReadAsync(HttpContext context)
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var org = RouteIds.Read(context, ScopeKind.Org, faults);
        var query = new QueryParameters(context.Request, faults, "from", "to", "granularity", "module", "limit", "after");
        var (from, to) = UsageDays.Read(query, Today, DefaultDays);
        var granularity = query.Text("granularity") is not { } word ? UsageGranularity.Day
            : Granularities.TryGetValue(word, out var known) ? known
            : query.Wrong<UsageGranularity>("granularity", $"must be one of {string.Join(", ", Granularities.Keys)}");
        var module = query.Text("module");
        if (module is not null && !ModuleName.IsValid(module))
        {
            faults.Add(RouteIds.InvalidModule(module) with { Pointer = "module" });
        }

        var limit = (int)(query.Number("limit", 1, ApiOptions.MaxPageSize) ?? options.DefaultPageSize);
        var after = UsageCursor.Read(query);
        RouteIds.ThrowIfAny(faults);
        if (!engine.TryRead(org!.Value, out _)) // no faults, so there is one
        {
            throw new Problems.ApiException(RouteIds.Missing(org.Value));
        }

        // Periods before the last one of the page before need not be read again.
        var first = after is null || after.Period < from ? from : after.Period;
        var days = first > to ? [] : await store.DailyAsync(new UsageQuery(org.Value.Id, module, first, to), context.RequestAborted);
        var found = UsagePeriods.Of(days, granularity).Where(p => after is null || after.IsBefore(p)).Take(limit + 1).ToList();
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, null, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("orgId"u8, org.Value.Id);
            writer.WriteString("granularity"u8, Granularities.First(g => g.Value == granularity).Key);
            WriteDays(writer, from, to);
            writer.WriteStartArray("usage"u8);
            foreach (var one in found.Take(limit))
            {
                Write(writer, one);
            }

            writer.WriteEndArray();
            writer.WriteString("next"u8, found.Count > limit ? UsageCursor.Of(found[limit - 1]) : null);
            writer.WriteEndObject();
        });
    }

    /// <summary>Sums up days, again where they were.</summary>
    public async Task RollUpAsync(HttpContext context)
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var (from, to) = UsageDays.Read(new QueryParameters(context.Request, faults, "from", "to"), Today, 2);
        using var none = await bodies.ReadAsync(context, BodyKind.None, faults);
        RouteIds.ThrowIfAny(faults);

        var written = await rollUp.RollUpAsync(from, to, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, null, writer =>
        {
            writer.WriteStartObject();
            WriteDays(writer, from, to);
            writer.WriteNumber("sums"u8, written);
            writer.WriteEndObject();
        });
    }

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private static void WriteDays(Utf8JsonWriter writer, DateOnly from, DateOnly to)
    {
        writer.WriteString("from"u8, Times.Text(from));
        writer.WriteString("to"u8, Times.Text(to));
    }

    private static void Write(Utf8JsonWriter writer, PeriodUsage one)
    {
        writer.WriteStartObject();
        writer.WriteString("period"u8, Times.Text(one.Period));
        writer.WriteString("module"u8, one.Module);
        writer.WriteString("eventType"u8, one.EventType);
        writer.WriteNumber("events"u8, one.Events);
        writer.WriteNumber("quantity"u8, one.Quantity);
        writer.WriteNumber("peakActors"u8, one.Actors);
        writer.WriteNumber("peakWorkspaces"u8, one.Workspaces);
        writer.WriteEndObject();
    }
}
