using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Modules;

namespace OrleansModules.Api.Context;

/// <summary>Who navigation is for.</summary>
/// <param name="IsAdmin">Whether entries for administrators are shown.</param>
/// <param name="Permissions">What the user may do, in the host's own words.</param>
internal sealed record NavigationAudience(bool IsAdmin, IReadOnlySet<string> Permissions);

/// <summary>Makes the left navigation from the navigation entries of available modules.</summary>
internal static class Navigation
{
    /// <summary>Writes the answer: entries by their own order, then tier and name.</summary>
    public static void Write(Utf8JsonWriter writer, ScopeChain org, NavigationAudience audience)
    {
        writer.WriteStartObject();
        writer.WriteString("orgId"u8, org.Scope.Id);
        writer.WriteStartArray("items"u8);
        foreach (var module in org.View.Map.Where(m => m.IsAvailable && !m.Definition.NavConfig.IsEmpty && m.Definition.RequiredPermissions.All(audience.Permissions.Contains)).OrderBy(Order))
        {
            using var entry = module.Definition.NavConfig.Open();
            if (HasEntry(entry.RootElement) && IsShown(entry.RootElement, audience))
            {
                WriteEntry(writer, module.Name, entry.RootElement, module.Definition.DisplayName, audience);
            }
        }

        writer.WriteEndArray();
        writer.WriteString("version"u8, org.View.Version.ToString());
        writer.WriteEndObject();
    }

    // Metrics are for the overview of workspaces: a module may have them and no entry here.
    private static bool HasEntry(JsonElement entry) => entry.EnumerateObject().Any(m => m.Name is not ModuleMetrics.Field);

    // Entries that say no order follow those that do; the sort is stable.
    private static double Order(EffectiveModule module)
    {
        using var entry = module.Definition.NavConfig.Open();
        return entry.RootElement.TryGetProperty("order", out var order) && order.ValueKind == JsonValueKind.Number ? order.GetDouble() : double.MaxValue;
    }

    private static bool IsShown(JsonElement entry, NavigationAudience audience) =>
        audience.IsAdmin || !entry.TryGetProperty("adminOnly", out var adminOnly) || adminOnly.ValueKind != JsonValueKind.True;

    private static void WriteEntry(Utf8JsonWriter writer, string? module, JsonElement entry, string? label, NavigationAudience audience)
    {
        writer.WriteStartObject();
        if (module is not null)
        {
            writer.WriteString("module"u8, module);
        }

        if (label is not null && !(entry.TryGetProperty("label", out var own) && own.ValueKind == JsonValueKind.String))
        {
            writer.WriteString("label"u8, label);
        }

        foreach (var member in entry.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null && !(module is not null && m.Name is "module" or ModuleMetrics.Field)))
        {
            if (member.Name is "children")
            {
                writer.WriteStartArray(member.Name);
                foreach (var child in member.Value.EnumerateArray().Where(c => IsShown(c, audience)))
                {
                    WriteEntry(writer, null, child, null, audience);
                }

                writer.WriteEndArray();
            }
            else
            {
                member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }
}
