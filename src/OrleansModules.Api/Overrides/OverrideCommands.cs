using System.Text.Json;
using OrleansModules.Api.Http;
using OrleansModules.Api.Registry;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;

namespace OrleansModules.Api.Overrides;

/// <summary>Turns requests about overrides into commands.</summary>
internal static class OverrideCommands
{
    public static ScopeCommand? Put(HttpContext context, JsonElement body, List<Fault> faults)
    {
        // Read here too, so that every fault of the body is named together with those of the headers.
        var module = RouteIds.ReadModule(context, faults);
        return OverrideJson.Read(body, ModuleOverride.Nothing(module ?? ""), faults) is not null && module is not null
            ? new ScopeCommand.PutOverride(module, JsonObjectValue.From(body))
            : null;
    }

    public static ScopeCommand? Patch(HttpContext context, JsonElement body, List<Fault> faults)
    {
        var module = RouteIds.ReadModule(context, faults);
        return RegistryCommands.ReadPatch(body, faults) is { } patch && module is not null ? new ScopeCommand.PatchOverride(module, patch) : null;
    }

    public static ScopeCommand? Clear(HttpContext context, JsonElement body, List<Fault> faults) =>
        RouteIds.ReadModule(context, faults) is { } module ? new ScopeCommand.ClearOverride(module) : null;
}
