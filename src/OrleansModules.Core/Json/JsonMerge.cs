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
            foreach (var (name, upper, lower) in Pairs(above.RootElement, below.RootElement))
            {
                writer.WritePropertyName(name);
                JsonObjectValue.WriteCompact(writer, lower ?? upper!.Value);
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
        foreach (var (name, upper, lower) in Pairs(target, patch))
        {
            if (lower is { ValueKind: JsonValueKind.Null })
            {
                continue;
            }

            writer.WritePropertyName(name);
            if (lower is { } change)
            {
                WriteMerged(writer, upper, change);
            }
            else
            {
                JsonObjectValue.WriteCompact(writer, upper!.Value);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>The members of two objects by name, in ordinal order; what is no object has none.</summary>
    private static IEnumerable<(string Name, JsonElement? Upper, JsonElement? Lower)> Pairs(JsonElement? above, JsonElement below)
    {
        var upper = above is { ValueKind: JsonValueKind.Object } known ? JsonObjectValue.InOrder(known) : [];
        var lower = JsonObjectValue.InOrder(below);
        for (var (u, l) = (0, 0); u < upper.Count || l < lower.Count;)
        {
            var order = u == upper.Count ? 1 : l == lower.Count ? -1 : string.CompareOrdinal(upper[u].Key, lower[l].Key);
            yield return order switch
            {
                < 0 => (upper[u].Key, upper[u++].Value, null),
                > 0 => (lower[l].Key, null, lower[l++].Value),
                _ => (upper[u].Key, upper[u++].Value, lower[l++].Value),
            };
        }
    }
}
