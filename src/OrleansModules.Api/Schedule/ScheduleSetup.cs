using OrleansModules.Api.Access;
using OrleansModules.Api.Changes;
using OrleansModules.Api.Context;
using OrleansModules.Api.Contracts;
using OrleansModules.Api.Http;
using OrleansModules.Api.OpenApi;
using OrleansModules.Api.Requests;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Schedule;

/// <summary>Maps the warming schedule.</summary>
internal static class ScheduleSetup
{
    /// <summary>Maps the routes.</summary>
    public static void MapSchedule(this IEndpointRouteBuilder platform, IServiceProvider services)
    {
        var engine = services.GetRequiredService<IModuleEngine>();
        var options = services.GetRequiredService<ApiOptions>();
        var changes = services.GetRequiredService<ChangeEndpoint>();
        platform.MapRead("/schedule", context => ReadAsync(context, engine, options)).Requires(AccessAction.ReadRegistry, ScopeKind.System)
            .Describe(new("scheduleGet", "The warming schedule, and all presets by name") { Answer = typeof(ScheduleAnswer), Query = ["atLeast"], Statuses = [503] });
        platform.MapPut("/schedule", changes.Handle(ScopeKind.System, BodyKind.Json, ScheduleCommands.Put)).Requires(AccessAction.ChangeScope, ScopeKind.System)
            .Describe(new("scheduleSet", "Replaces the warming schedule with its own presets whole") { Body = typeof(ScheduleBody), IsWrite = true });
    }

    private static async Task ReadAsync(HttpContext context, IModuleEngine engine, ApiOptions options)
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var atLeast = new QueryParameters(context.Request, faults, "atLeast").Version("atLeast");
        RouteIds.ThrowIfAny(faults);
        var chain = await ScopeChain.ReadAsync(engine, ScopeId.System, atLeast, options.AtLeastPatience, context.RequestAborted);
        var schedule = SettingDocuments.Find(chain.Own.Settings) is { } said ? JsonMerge.Shallow(ScheduleDocument.Default, said) : ScheduleDocument.Default;
        using var document = schedule.Open();
        var own = document.RootElement.GetProperty(ScheduleDocument.Presets);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, chain.View.Version, writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("schedule"u8);
            schedule.WriteTo(writer);
            writer.WriteStartObject("presets"u8);
            foreach (var (name, preset) in ScheduleDocument.KnownPresets.Where(p => !own.TryGetProperty(p.Key, out _)).OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                writer.WritePropertyName(name);
                preset.WriteTo(writer);
            }

            foreach (var preset in own.EnumerateObject())
            {
                preset.WriteTo(writer);
            }

            writer.WriteEndObject();
            writer.WriteString("version"u8, chain.View.Version.ToString());
            writer.WriteEndObject();
        });
    }
}
