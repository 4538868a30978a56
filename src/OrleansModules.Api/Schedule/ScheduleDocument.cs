using System.Collections.Frozen;
using OrleansModules.Core.Json;

namespace OrleansModules.Api.Schedule;

/// <summary>The warming schedule: whether, and by which named preset, hosts keep their functions warm.</summary>
internal static class ScheduleDocument
{
    public const string IsEnabled = "isEnabled";
    public const string Preset = "preset";
    public const string Presets = "presets";
    public const string TimeZone = "timeZone";

    private const string WorkingDays = """["mon","tue","wed","thu","fri"]""";
    private const string AllDays = """["mon","tue","wed","thu","fri","sat","sun"]""";

    /// <summary>The preset that counts where a schedule names none.</summary>
    public const string DefaultPreset = "office-hours";

    /// <summary>Presets that are always there. A schedule may say others under their names.</summary>
    public static FrozenDictionary<string, JsonObjectValue> KnownPresets { get; } = new Dictionary<string, JsonObjectValue>(StringComparer.Ordinal)
    {
        ["always"] = Make("Around the clock", 5, AllDays, "00:00", "24:00"),
        ["extended-hours"] = Make("Early to late, Sundays off", 5, """["mon","tue","wed","thu","fri","sat"]""", "06:00", "22:00"),
        [DefaultPreset] = Make("Working days", 5, WorkingDays, "07:00", "19:00"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What counts where nothing was said.</summary>
    public static JsonObjectValue Default { get; } = Make(false, DefaultPreset, "UTC", JsonObjectValue.Empty);

    /// <summary>Puts a schedule together.</summary>
    public static JsonObjectValue Make(bool isEnabled, string preset, string timeZone, JsonObjectValue presets) => JsonObjectValue.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean(IsEnabled, isEnabled);
        writer.WriteString(Preset, preset);
        writer.WritePropertyName(Presets);
        presets.WriteTo(writer);
        writer.WriteString(TimeZone, timeZone);
        writer.WriteEndObject();
    });

    private static JsonObjectValue Make(string description, int minutes, string days, string from, string to) =>
        JsonObjectValue.Parse($$$"""{"description":"{{{description}}}","intervalMinutes":{{{minutes}}},"windows":[{"days":{{{days}}},"from":"{{{from}}}","to":"{{{to}}}"}]}""");
}
