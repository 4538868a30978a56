using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;

namespace OrleansModules.Core.Modules;

/// <summary>One figure that a module shows on the overview of a workspace.</summary>
/// <param name="Name">A slug, unique in its module; the module answers the value under this name.</param>
/// <param name="Label">What people read, 1 to 100 characters.</param>
/// <param name="Unit">What is counted, 1 to 100 characters; null where the label says it.</param>
/// <param name="Icon">In the host's own words, 1 to 100 characters; null for none.</param>
public sealed record ModuleMetric(string Name, string Label, string? Unit, string? Icon);

/// <summary>What a module shows on the overview of a workspace (requirement D16): the field <c>metrics</c> of its <c>navConfig</c>. Values are the module's own; no service knows them.</summary>
/// <param name="Endpoint">Where the host asks for the values: a path on its own origin, with <c>{workspaceId}</c> and <c>{orgId}</c> to be filled in; null where it has them otherwise.</param>
/// <param name="Items">The figures, in the order they are shown.</param>
public sealed record ModuleMetrics(string? Endpoint, ImmutableArray<ModuleMetric> Items)
{
    /// <summary>The field's name.</summary>
    public const string Field = "metrics";

    private const int MaxItems = 20;
    private const int MaxText = 100;
    private const int MaxEndpoint = 500;

    private static readonly FrozenSet<string> Fields = FrozenSet.Create(StringComparer.Ordinal, "endpoint", "items");
    private static readonly FrozenSet<string> ItemFields = FrozenSet.Create(StringComparer.Ordinal, "name", "label", "unit", "icon");

    /// <summary>The figures of a module; null where it shows none. What is not of the form is passed by: definitions may be older than it.</summary>
    public static ModuleMetrics? Of(ModuleDefinition definition)
    {
        if (definition.NavConfig.IsEmpty)
        {
            return null;
        }

        using var entry = definition.NavConfig.Open();
        return entry.RootElement.TryGetProperty(Field, out var metrics) && metrics.ValueKind == JsonValueKind.Object && Read(metrics, "", []) is { Items.IsEmpty: false } read ? read : null;
    }

    /// <summary>Checks the field of a navigation entry, where it is there and not null. A patch may leave what was stored before the field had a meaning.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="known">The definition that is changed; null where it is replaced whole.</param>
    /// <param name="pointer">Where the entry stands.</param>
    /// <param name="faults">Receives the faults.</param>
    internal static void Check(JsonElement entry, ModuleDefinition? known, string pointer, List<Fault> faults)
    {
        using var before = known?.NavConfig.Open();
        if (entry.TryGetProperty(Field, out var metrics) && metrics.ValueKind != JsonValueKind.Null
            && !(before?.RootElement.TryGetProperty(Field, out var kept) == true && JsonElement.DeepEquals(kept, metrics)))
        {
            Read(metrics, $"{pointer}/{Field}", faults);
        }
    }

    private static ModuleMetrics Read(JsonElement metrics, string pointer, List<Fault> faults)
    {
        var fields = new JsonFields(metrics, pointer, Fields, faults);
        var endpoint = fields.Text("endpoint", 1, MaxEndpoint);
        if (endpoint is not null && !IsOwnPath(endpoint))
        {
            endpoint = fields.Wrong<string?>("endpoint", "a path that begins with one '/', in printable ASCII without spaces and backslashes, with no braces but {workspaceId} and {orgId}, neither of them first", null);
        }

        var items = ImmutableArray.CreateBuilder<ModuleMetric>();
        if (fields.IsObject && !(fields.TryGet("items", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0))
        {
            fields.Wrong("items", $"an array of 1 to {MaxItems} metrics", 0);
            return new ModuleMetrics(endpoint, []);
        }

        foreach (var (place, item) in fields.Items("items", MaxItems))
        {
            if (ReadItem(item, place, faults) is { } metric)
            {
                if (items.Any(m => m.Name.Equals(metric.Name, StringComparison.Ordinal)))
                {
                    faults.Add(new Fault(FaultCodes.InvalidValue, $"{place}/name", $"'{metric.Name}' is a metric of the module already."));
                    continue;
                }

                items.Add(metric);
            }
        }

        return new ModuleMetrics(endpoint, items.ToImmutable());
    }

    private static ModuleMetric? ReadItem(JsonElement item, string pointer, List<Fault> faults)
    {
        var before = faults.Count;
        var fields = new JsonFields(item, pointer, ItemFields, faults);
        if (!fields.IsObject)
        {
            return null;
        }

        foreach (var required in (string[])["name", "label"])
        {
            if (!fields.TryGet(required, out var said) || said.ValueKind == JsonValueKind.Null)
            {
                faults.Add(new Fault(FaultCodes.MissingField, fields.At(required), $"'{required}' is required."));
            }
        }

        var name = fields.Text("name", 1, ModuleName.MaxLength);
        if (name is not null && !ModuleName.IsValid(name))
        {
            fields.Wrong("name", ModuleName.Form, 0);
        }

        var metric = new ModuleMetric(name ?? "", fields.Text("label", 1, MaxText) ?? "", fields.Text("unit", 1, MaxText), fields.Text("icon", 1, MaxText));
        return faults.Count == before ? metric : null;
    }

    // Hosts fetch it with what their user may do: no other origin, in any way that browsers read addresses, and with ids that are not known.
    private static bool IsOwnPath(string path) =>
        path[0] == '/' && !(path.Length > 1 && path[1] is '/' or '{') && path.All(c => c is > ' ' and <= '~' and not '\\')
        && path.Replace("{workspaceId}", "x", StringComparison.Ordinal).Replace("{orgId}", "x", StringComparison.Ordinal).AsSpan().IndexOfAny('{', '}') < 0;
}
