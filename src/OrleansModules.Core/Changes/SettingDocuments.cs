using System.Text.Json;
using OrleansModules.Core.Json;

namespace OrleansModules.Core.Changes;

/// <summary>Settings of a scope that are documents with a route of their own, and no settings for shells.</summary>
public static class SettingDocuments
{
    /// <summary>When hosts keep their functions warm; of the system. In PostgreSQL also the row <c>warming_schedule</c> of <c>mgmt_cfg_sys_lambda</c>.</summary>
    public const string WarmingSchedule = "warmingSchedule";

    /// <summary>Settings without the documents among them.</summary>
    public static JsonObjectValue Without(JsonObjectValue settings) => Find(settings) is null ? settings : Select(settings, isDocument: false);

    /// <summary>The documents among settings.</summary>
    internal static JsonObjectValue Only(JsonObjectValue settings) => Find(settings) is null ? JsonObjectValue.Empty : Select(settings, isDocument: true);

    /// <summary>The schedule among settings; null where there is none.</summary>
    public static JsonObjectValue? Find(JsonObjectValue settings)
    {
        if (settings.IsEmpty)
        {
            return null;
        }

        using var document = settings.Open();
        return document.RootElement.TryGetProperty(WarmingSchedule, out var schedule) && schedule.ValueKind == JsonValueKind.Object ? JsonObjectValue.From(schedule) : null;
    }

    /// <summary>Settings that consist of one document.</summary>
    internal static JsonObjectValue Of(string name, JsonObjectValue value) => JsonObjectValue.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName(name);
        value.WriteTo(writer);
        writer.WriteEndObject();
    });

    private static JsonObjectValue Select(JsonObjectValue settings, bool isDocument)
    {
        using var document = settings.Open();
        return JsonObjectValue.Build(writer =>
        {
            writer.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject().Where(m => m.NameEquals(WarmingSchedule) == isDocument))
            {
                member.WriteTo(writer);
            }

            writer.WriteEndObject();
        });
    }
}
