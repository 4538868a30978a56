using System.Collections.Frozen;
using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;

namespace OrleansModules.Api.Context;

/// <summary>The settings for shells that this service knows, and how they cascade: the lowest scope that says a key decides it.</summary>
internal static class ShellSettings
{
    public const string Color = "color";
    public const string EnableColorCoding = "enableColorCoding";
    public const string EnableFavorites = "enableFavorites";
    public const string EnableTags = "enableTags";
    public const string Extra = "extra";
    public const string Icon = "icon";
    public const string NavIcon = "navIcon";
    public const string NavLabelPlural = "navLabelPlural";
    public const string NavLabelSingular = "navLabelSingular";
    public const string TabOrder = "tabOrder";

    private const int MaxText = 100;
    private const int MaxTabs = 500;

    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal, Color, EnableColorCoding, EnableFavorites, EnableTags, Extra, Icon, NavIcon, NavLabelPlural, NavLabelSingular, TabOrder);

    /// <summary>Checks settings, or a merge patch of them; null says nothing everywhere.</summary>
    public static void Check(JsonElement settings, List<Fault> faults)
    {
        var fields = new JsonFields(settings, "", Known, faults);
        foreach (var name in (string[])[Color, Icon, NavIcon, NavLabelPlural, NavLabelSingular])
        {
            fields.Text(name, 1, MaxText);
        }

        foreach (var name in (string[])[EnableColorCoding, EnableFavorites, EnableTags])
        {
            fields.FlagOrNull(name, null);
        }

        if (IsSaid(fields, Extra))
        {
            fields.Object(Extra, JsonObjectValue.Empty);
        }

        if (IsSaid(fields, TabOrder))
        {
            CheckTabOrder(fields, faults);
        }
    }

    /// <summary>The settings that count: each key from the lowest layer that says it, without null.</summary>
    /// <param name="layers">From the system down.</param>
    public static JsonObjectValue Merge(IEnumerable<Layer> layers)
    {
        var merged = layers.Aggregate(JsonObjectValue.Empty, (above, layer) => layer.Settings.IsEmpty ? above : JsonMerge.Shallow(above, WithoutNull(Own(layer))));
        return merged;
    }

    /// <summary>What a scope itself says to shells.</summary>
    public static JsonObjectValue Own(Layer layer) => SettingDocuments.Without(layer.Settings);

    /// <summary>The same without keys that say nothing.</summary>
    public static JsonObjectValue WithoutNull(JsonObjectValue settings)
    {
        using var document = settings.Open();
        if (document.RootElement.EnumerateObject().All(m => m.Value.ValueKind != JsonValueKind.Null))
        {
            return settings;
        }

        return JsonObjectValue.Build(writer =>
        {
            writer.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null))
            {
                member.WriteTo(writer);
            }

            writer.WriteEndObject();
        });
    }

    private static bool IsSaid(JsonFields fields, string name) => fields.TryGet(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static void CheckTabOrder(JsonFields fields, List<Fault> faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (pointer, item) in fields.Items(TabOrder, MaxTabs))
        {
            if (JsonFields.TextOf(item) is not { Length: > 0 and <= MaxText } tab || tab.Any(char.IsControl))
            {
                faults.Add(new Fault(FaultCodes.InvalidValue, pointer, $"A tab is named by 1 to {MaxText} characters without control characters, got {JsonFields.Describe(item)}."));
            }
            else if (!seen.Add(tab))
            {
                faults.Add(new Fault(FaultCodes.InvalidValue, pointer, $"'{tab}' is in the order already."));
            }
        }
    }
}
