using System.Collections.Frozen;
using System.Text.Json;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Audit;

/// <summary>The JSON form of an audit entry: files and answers share it.</summary>
public static class AuditJson
{
    private static readonly FrozenDictionary<string, AuditOutcome> Outcomes =
        Enum.GetValues<AuditOutcome>().ToFrozenDictionary(o => JsonNamingPolicy.KebabCaseLower.ConvertName(o.ToString()), StringComparer.Ordinal);

    private static readonly FrozenDictionary<AuditOutcome, string> Words = Outcomes.ToFrozenDictionary(o => o.Value, o => o.Key);

    /// <summary>All outcomes by their words.</summary>
    public static IReadOnlyDictionary<string, AuditOutcome> OutcomeWords => Outcomes;

    /// <summary>The word of an outcome.</summary>
    public static string Word(AuditOutcome outcome) => Words[outcome];

    /// <summary>Writes an entry as one JSON object.</summary>
    public static void Write(Utf8JsonWriter writer, AuditEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteNumber("position"u8, entry.Position);
        writer.WriteString("at"u8, ChangeRecordJson.FormatTime(entry.At));
        writer.WriteString("subject"u8, entry.Subject);
        WriteOptional(writer, "onBehalfOf", entry.OnBehalfOf);
        WriteOptional(writer, "from", entry.From);
        writer.WriteString("action"u8, entry.Action);
        writer.WriteString("operation"u8, entry.Operation);
        writer.WriteString("scope"u8, entry.Scope.ToString());
        WriteOptional(writer, "orgId", entry.OrgId);
        WriteOptional(writer, "target", entry.Target);
        writer.WriteString("outcome"u8, Word(entry.Outcome));
        WriteOptional(writer, "code", entry.Code);
        if (entry.ChangePosition is { } position)
        {
            writer.WriteNumber("changePosition"u8, position);
        }

        if (entry.Repeats is { } repeats)
        {
            writer.WriteNumber("repeats"u8, repeats);
        }

        writer.WriteString("traceId"u8, entry.TraceId);
        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The value is no entry.</exception>
    public static AuditEntry Read(JsonElement value)
    {
        try
        {
            return new AuditEntry
            {
                Position = value.GetProperty("position").GetInt64(),
                At = ChangeRecordJson.ParseTime(value.GetProperty("at")),
                Subject = Required(value, "subject"),
                OnBehalfOf = Optional(value, "onBehalfOf"),
                From = Optional(value, "from"),
                Action = Required(value, "action"),
                Operation = Required(value, "operation"),
                Scope = ScopeId.Parse(Required(value, "scope")),
                OrgId = Optional(value, "orgId"),
                Target = Optional(value, "target"),
                Outcome = Outcomes[Required(value, "outcome")],
                Code = Optional(value, "code"),
                ChangePosition = value.TryGetProperty("changePosition", out var position) ? position.GetInt64() : null,
                Repeats = value.TryGetProperty("repeats", out var repeats) ? repeats.GetInt64() : null,
                TraceId = Required(value, "traceId"),
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"No audit entry: {e.Message}", e);
        }
    }

    private static string Required(JsonElement value, string name) => value.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null.");

    private static string? Optional(JsonElement value, string name) => value.TryGetProperty(name, out var found) ? found.GetString() : null;

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
