using System.Text.Json;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;

namespace OrleansModules.Api.Context;

/// <summary>Turns requests about settings into commands.</summary>
internal static class SettingsCommands
{
    public static ScopeCommand? Put(HttpContext context, JsonElement body, List<Fault> faults) =>
        Read(body, faults) is { } settings ? new ScopeCommand.PutSettings(ShellSettings.WithoutNull(settings)) : null;

    public static ScopeCommand? Patch(HttpContext context, JsonElement body, List<Fault> faults) =>
        Read(body, faults) is { } patch ? new ScopeCommand.PatchSettings(patch) : null;

    private static JsonObjectValue? Read(JsonElement body, List<Fault> faults)
    {
        var before = faults.Count;
        ShellSettings.Check(body, faults);
        if (faults.Count > before)
        {
            return null;
        }

        try
        {
            return JsonObjectValue.From(body);
        }
        catch (InvalidOperationException)
        {
            faults.Add(new Fault(FaultCodes.InvalidValue, "", $"Settings must be {JsonObjectValue.Accepted}."));
            return null;
        }
    }
}
