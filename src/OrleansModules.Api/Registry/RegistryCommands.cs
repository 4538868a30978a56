using System.Text.Json;
using OrleansModules.Api.Http;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;

namespace OrleansModules.Api.Registry;

/// <summary>Turns requests to the registry into commands.</summary>
internal static class RegistryCommands
{
    public static ScopeCommand? Register(HttpContext context, JsonElement body, List<Fault> faults) =>
        DefinitionJson.Read(body, null, faults) is { } definition ? new ScopeCommand.RegisterModule(definition) : null;

    public static ScopeCommand? Put(HttpContext context, JsonElement body, List<Fault> faults)
    {
        // Where the address has no valid name, the body is read all the same, for its faults.
        var module = RouteIds.ReadModule(context, faults);
        return DefinitionJson.Read(body, module ?? context.Request.RouteValues[RouteIds.Module] as string, faults) is { } definition ? new ScopeCommand.PutModule(definition) : null;
    }

    public static ScopeCommand? Patch(HttpContext context, JsonElement body, List<Fault> faults)
    {
        var module = RouteIds.ReadModule(context, faults);
        return ReadPatch(body, faults) is { } patch && module is not null ? new ScopeCommand.PatchModule(module, patch) : null;
    }

    public static ScopeCommand? Remove(HttpContext context, JsonElement body, List<Fault> faults) =>
        RouteIds.ReadModule(context, faults) is { } module ? new ScopeCommand.RemoveModule(module) : null;

    public static ScopeCommand? Enable(HttpContext context, JsonElement body, List<Fault> faults) => Switch(context, faults, isEnabled: true);

    public static ScopeCommand? Disable(HttpContext context, JsonElement body, List<Fault> faults) => Switch(context, faults, isEnabled: false);

    /// <summary>Reads a merge patch, which has to be an object here.</summary>
    public static JsonObjectValue? ReadPatch(JsonElement body, List<Fault> faults)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new Fault(FaultCodes.NotAnObject, "", $"The body must be a JSON object, got {JsonFields.Describe(body)}."));
            return null;
        }

        try
        {
            return JsonObjectValue.From(body);
        }
        catch (InvalidOperationException)
        {
            faults.Add(new Fault(FaultCodes.InvalidValue, "", $"The body must be {JsonObjectValue.Accepted}."));
            return null;
        }
    }

    private static ScopeCommand.SwitchModule? Switch(HttpContext context, List<Fault> faults, bool isEnabled) =>
        RouteIds.ReadModule(context, faults) is { } module ? new ScopeCommand.SwitchModule(module, isEnabled) : null;
}
