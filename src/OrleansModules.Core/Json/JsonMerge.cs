using System.Text.Json;

namespace OrleansModules.Core.Json;

/// <summary>The two ways in which a lower scope's object is laid over a higher one's (law L4), and JSON Merge Patch.</summary>
public static class JsonMerge
{
    /// <summary>Replaces whole top-level keys: the lower object's value stands, an array or a null too.</summary>
    /// <returns>One of the two arguments where the other is empty; a new value otherwise.</returns>
    public static JsonObjectValue Shallow(JsonObjectValue upper, JsonObjectValue lower)
    {
        if (lower.IsEmpty)
        {
            return upper;
        }

        if (upper.IsEmpty)
        {
            return lower;
        }

        using var below = lower.Open();
        using var above = upper.Open();
        return JsonObjectValue.Build(writer =>
        {
            writer.WriteStartObject();
            foreach (var member in above.RootElement.EnumerateObject())
            {
                writer.WritePropertyName(member.Name);
                JsonObjectValue.WriteCompact(writer, below.RootElement.TryGetProperty(member.Name, out var replaced) ? replaced : member.Value);
            }

            foreach (var member in below.RootElement.EnumerateObject())
            {
                if (!above.RootElement.TryGetProperty(member.Name, out _))
                {
                    writer.WritePropertyName(member.Name);
                    JsonObjectValue.WriteCompact(writer, member.Value);
                }
            }

            writer.WriteEndObject();
        });
    }

    /// <summary>Merges as JSON Merge Patch (RFC 7396): objects merge, null removes, anything else replaces.</summary>
    public static JsonObjectValue Deep(JsonObjectValue upper, JsonObjectValue lower)
    {
        if (lower.IsEmpty)
        {
            return upper;
        }

        using var below = lower.Open();
        using var above = upper.Open();
        return JsonObjectValue.Build(writer => WriteMerged(writer, above.RootElement, below.RootElement));
    }

    private static void WriteMerged(Utf8JsonWriter writer, JsonElement? target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            JsonObjectValue.WriteCompact(writer, patch);
            return;
        }

        writer.WriteStartObject();
        var merged = target is { ValueKind: JsonValueKind.Object } ? target : null;
        if (merged is { } kept)
        {
            foreach (var member in kept.EnumerateObject())
            {
                if (!patch.TryGetProperty(member.Name, out var change))
                {
                    writer.WritePropertyName(member.Name);
                    JsonObjectValue.WriteCompact(writer, member.Value);
                }
                else if (change.ValueKind != JsonValueKind.Null)
                {
                    writer.WritePropertyName(member.Name);
                    WriteMerged(writer, member.Value, change);
                }
            }
        }

        foreach (var change in patch.EnumerateObject())
        {
            if (change.Value.ValueKind != JsonValueKind.Null && merged?.TryGetProperty(change.Name, out _) != true)
            {
                writer.WritePropertyName(change.Name);
                WriteMerged(writer, null, change.Value);
            }
        }

        writer.WriteEndObject();
    }
}
