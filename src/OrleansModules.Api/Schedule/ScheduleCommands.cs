using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;

namespace OrleansModules.Api.Schedule;

/// <summary>Turns requests about the warming schedule into commands. <c>mgmt_schedule_fault</c> in <c>sql/</c> says the same of plain SQL.</summary>
internal static partial class ScheduleCommands
{
    private const int MaxPresets = 50;
    private const int MaxWindows = 50;
    private const int MaxMinutes = 24 * 60;

    private static readonly FrozenSet<string> ScheduleFields =
        FrozenSet.Create(StringComparer.Ordinal, ScheduleDocument.IsEnabled, ScheduleDocument.Preset, ScheduleDocument.Presets, ScheduleDocument.TimeZone);

    private static readonly FrozenSet<string> PresetFields = FrozenSet.Create(StringComparer.Ordinal, "description", "intervalMinutes", "windows");

    private static readonly FrozenSet<string> WindowFields = FrozenSet.Create(StringComparer.Ordinal, "days", "from", "to");

    private static readonly FrozenSet<string> Days = FrozenSet.Create(StringComparer.Ordinal, "mon", "tue", "wed", "thu", "fri", "sat", "sun");

    /// <summary>Replaces the schedule whole; what it does not say has its default.</summary>
    public static ScopeCommand? Put(HttpContext context, JsonElement body, List<Fault> faults)
    {
        var before = faults.Count;
        var fields = new JsonFields(body, "", ScheduleFields, faults);
        if (!fields.IsObject)
        {
            return null;
        }

        var isEnabled = fields.Flag(ScheduleDocument.IsEnabled, false);
        var zone = fields.Text(ScheduleDocument.TimeZone, 1, 100, "UTC")!; // the fallback is text
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            fields.Wrong(ScheduleDocument.TimeZone, "a time zone of IANA such as Europe/Berlin", 0);
        }

        var presets = fields.Object(ScheduleDocument.Presets, JsonObjectValue.Empty);
        using var known = presets.Open();
        CheckPresets(fields, known.RootElement, faults);
        var preset = fields.Text(ScheduleDocument.Preset, 1, ModuleName.MaxLength, ScheduleDocument.DefaultPreset)!;
        if (!ScheduleDocument.KnownPresets.ContainsKey(preset) && !known.RootElement.TryGetProperty(preset, out _))
        {
            faults.Add(new Fault(ApiCodes.PresetNotFound, fields.At(ScheduleDocument.Preset), $"There is no preset '{preset}'."));
        }

        return faults.Count > before ? null
            : new ScopeCommand.PutDocument(SettingDocuments.WarmingSchedule, ScheduleDocument.Make(isEnabled, preset, zone, presets));
    }

    private static void CheckPresets(JsonFields schedule, JsonElement presets, List<Fault> faults)
    {
        var count = 0;
        foreach (var member in presets.EnumerateObject())
        {
            var pointer = Provenance.Step(schedule.At(ScheduleDocument.Presets), member.Name);
            if (++count > MaxPresets)
            {
                schedule.Wrong(ScheduleDocument.Presets, $"at most {MaxPresets} presets", 0);
                return;
            }

            if (!ModuleName.IsValid(member.Name))
            {
                faults.Add(new Fault(FaultCodes.InvalidValue, pointer, $"A preset is named by {ModuleName.Form}."));
            }

            CheckPreset(new JsonFields(member.Value, pointer, PresetFields, faults), faults);
        }
    }

    private static void CheckPreset(JsonFields preset, List<Fault> faults)
    {
        if (!preset.IsObject)
        {
            return;
        }

        preset.Text("description", 1, 200);
        Require(preset, faults, "intervalMinutes", "windows");
        preset.Number("intervalMinutes", 1, MaxMinutes, 1);
        foreach (var (pointer, item) in preset.Items("windows", MaxWindows))
        {
            CheckWindow(new JsonFields(item, pointer, WindowFields, faults), faults);
        }
    }

    private static void CheckWindow(JsonFields window, List<Fault> faults)
    {
        if (!window.IsObject)
        {
            return;
        }

        Require(window, faults, "days", "from", "to");
        var days = window.Items("days", Days.Count).Select(d => JsonFields.TextOf(d.Item)).ToList();
        if (window.TryGet("days", out var given) && given.ValueKind == JsonValueKind.Array && given.GetArrayLength() <= Days.Count
            && (days.Count == 0 || days.Distinct(StringComparer.Ordinal).Count() < days.Count || days.Exists(d => d is null || !Days.Contains(d))))
        {
            window.Wrong("days", $"some of {string.Join(", ", Days)}, each once", 0);
        }

        var from = ReadTime(window, "from");
        var to = ReadTime(window, "to");
        if (from is not null && to is not null && string.CompareOrdinal(from, to) >= 0)
        {
            window.Wrong("to", "later than 'from'; a window over midnight is two", 0);
        }
    }

    private static void Require(JsonFields fields, List<Fault> faults, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!fields.TryGet(name, out _))
            {
                faults.Add(new Fault(FaultCodes.MissingField, fields.At(name), $"'{name}' is required."));
            }
        }
    }

    private static string? ReadTime(JsonFields window, string name)
    {
        if (!window.TryGet(name, out var value))
        {
            return null;
        }

        return JsonFields.TextOf(value) is { } text && TimeOfDay().IsMatch(text) ? text : window.Wrong<string?>(name, "a time of day from 00:00 to 24:00", null);
    }

    [GeneratedRegex(@"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TimeOfDay();
}
