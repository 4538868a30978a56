using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Modules;

namespace OrleansModules.Api.Context;

/// <summary>Says which figures the overview of a workspace shows: those of available modules, in the order of tabs (requirement D16).</summary>
internal static class OverviewMetrics
{
    /// <summary>Writes the answer.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="permissions">What the user may do, in the host's own words.</param>
    public static void Write(Utf8JsonWriter writer, ScopeChain workspace, IReadOnlySet<string> permissions)
    {
        writer.WriteStartObject();
        writer.WriteString("workspaceId"u8, workspace.Scope.Id);
        writer.WriteStartArray("modules"u8);
        foreach (var name in TabOrder.Resolve(ShellSettings.Merge(workspace.Layers), workspace.View.Map))
        {
            if (workspace.View.Map.Find(name) is { IsAvailable: true } module && module.Definition.RequiredPermissions.All(permissions.Contains) && ModuleMetrics.Of(module.Definition) is { } metrics)
            {
                Write(writer, module, metrics);
            }
        }

        writer.WriteEndArray();
        writer.WriteString("version"u8, workspace.View.Version.ToString());
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, EffectiveModule module, ModuleMetrics metrics)
    {
        writer.WriteStartObject();
        writer.WriteString("module"u8, module.Name);
        writer.WriteString("displayName"u8, module.Definition.DisplayName);
        writer.WriteString("endpoint"u8, metrics.Endpoint);
        writer.WriteStartArray("metrics"u8);
        foreach (var metric in metrics.Items)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, metric.Name);
            writer.WriteString("label"u8, metric.Label);
            writer.WriteString("unit"u8, metric.Unit);
            writer.WriteString("icon"u8, metric.Icon);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
