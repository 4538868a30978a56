using System.Text.Json;
using NuGet.Versioning;
using OrleansModules.Core.Faults;

namespace OrleansModules.Core.Json;

/// <summary>Reads the fields of one JSON object and collects every fault instead of stopping at the first.</summary>
/// <remarks>Not safe for concurrent use. A reader method answers its fallback where the field is absent or faulty.</remarks>
public sealed class JsonFields
{
    /// <summary>How deep a stored object may be nested, itself included: so that records, maps and explanations around it stay within the
    /// 64 levels that JSON readers accept.</summary>
    public const int MaxDepth = 32;

    private readonly JsonElement _object;
    private readonly string _pointer;
    private readonly List<Fault> _faults;

    /// <summary>Starts reading.</summary>
    /// <param name="element">The value; anything but an object is itself a fault.</param>
    /// <param name="pointer">Where the value stands in the body.</param>
    /// <param name="known">The accepted field names.</param>
    /// <param name="faults">Receives the faults.</param>
    public JsonFields(JsonElement element, string pointer, IReadOnlySet<string> known, List<Fault> faults)
    {
        (_object, _pointer, _faults) = (element, pointer, faults);
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new Fault(FaultCodes.NotAnObject, pointer, $"Expected a JSON object, got {Describe(element)}."));
            return;
        }

        IsObject = true;
        foreach (var member in element.EnumerateObject())
        {
            if (NameOf(member) is not { } name)
            {
                // Looking for other fields in such an object fails too.
                IsObject = false;
                faults.Add(new Fault(FaultCodes.UnknownField, pointer, "A field's name is no valid Unicode text."));
            }
            else if (!known.Contains(name))
            {
                faults.Add(new Fault(FaultCodes.UnknownField, Cascade.Provenance.Step(pointer, name), $"'{name}' is no field here; accepted: {string.Join(", ", known.Order(StringComparer.Ordinal))}."));
            }
        }
    }

    /// <summary>Whether the value is an object whose fields can be read.</summary>
    public bool IsObject { get; }

    /// <summary>Finds a field; a null value counts as there.</summary>
    public bool TryGet(string name, out JsonElement value)
    {
        value = default;
        return IsObject && _object.TryGetProperty(name, out value);
    }

    /// <summary>Reads text; null counts as absent.</summary>
    public string? Text(string name, int minLength, int maxLength, string? fallback = null)
    {
        if (!TryGet(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return fallback;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return Wrong(name, $"a string, got {Describe(value)}", fallback);
        }

        if (TextOf(value) is not { } text)
        {
            return Wrong(name, "valid Unicode text", fallback);
        }

        return text.Length < minLength || text.Length > maxLength || text.Any(c => char.IsControl(c) && c is not ('\n' or '\t' or '\r'))
            ? Wrong(name, $"{minLength} to {maxLength} characters without control characters, got {text.Length}", fallback)
            : text;
    }

    /// <summary>Reads true or false.</summary>
    public bool Flag(string name, bool fallback)
    {
        if (!TryGet(name, out var value))
        {
            return fallback;
        }

        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : Wrong(name, $"true or false, got {Describe(value)}", fallback);
    }

    /// <summary>Reads true, false or null.</summary>
    public bool? FlagOrNull(string name, bool? fallback)
    {
        if (!TryGet(name, out var value))
        {
            return fallback;
        }

        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Null => null,
            _ => Wrong(name, $"true, false or null, got {Describe(value)}", fallback),
        };
    }

    /// <summary>Reads a whole number.</summary>
    public int Number(string name, int min, int max, int fallback)
    {
        if (!TryGet(name, out var value))
        {
            return fallback;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max
            ? number
            : Wrong(name, $"a whole number from {min} to {max}, got {Describe(value)}", fallback);
    }

    /// <summary>Reads one of some words.</summary>
    public T Word<T>(string name, IReadOnlyDictionary<string, T> words, T fallback)
    {
        if (!TryGet(name, out var value))
        {
            return fallback;
        }

        return TextOf(value) is { } word && words.TryGetValue(word, out var meaning)
            ? meaning
            : Wrong(name, $"one of {string.Join(", ", words.Keys)}, got {Describe(value)}", fallback);
    }

    /// <summary>Reads a SemVer 2 version; null counts as absent.</summary>
    public SemanticVersion? Version(string name, SemanticVersion? fallback)
    {
        if (!TryGet(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return fallback;
        }

        return TextOf(value) is { Length: <= 64 } text && SemanticVersion.TryParse(text, out var version)
            ? version
            : Wrong(name, $"a SemVer version such as 1.2.3, got {Describe(value)}", fallback);
    }

    /// <summary>Reads a JSON object; absent is <paramref name="fallback"/>.</summary>
    public JsonObjectValue Object(string name, JsonObjectValue fallback)
    {
        if (!TryGet(name, out var value))
        {
            return fallback;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            _faults.Add(new Fault(FaultCodes.NotAnObject, At(name), $"'{name}' must be a JSON object, got {Describe(value)}."));
            return fallback;
        }

        try
        {
            var read = JsonObjectValue.From(value);
            return read.IsDeeperThan(MaxDepth) ? Wrong(name, $"nested at most {MaxDepth} levels deep", fallback) : read;
        }
        catch (InvalidOperationException)
        {
            return Wrong(name, JsonObjectValue.Accepted, fallback);
        }
    }

    /// <summary>Reads a JSON object whose values are all booleans (law L5).</summary>
    public JsonObjectValue Flags(string name, JsonObjectValue fallback)
    {
        var flags = Object(name, fallback);
        if (!ReferenceEquals(flags, fallback) && TryGet(name, out var value))
        {
            foreach (var flag in value.EnumerateObject().Where(f => f.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)))
            {
                _faults.Add(new Fault(FaultCodes.FlagNotBoolean, Cascade.Provenance.Step(At(name), flag.Name), $"Feature flag '{flag.Name}' must be true or false, got {Describe(flag.Value)}."));
            }
        }

        return flags;
    }

    /// <summary>Reads the items of an array; absent or faulty is empty.</summary>
    public IEnumerable<(string Pointer, JsonElement Item)> Items(string name, int maxCount)
    {
        if (!TryGet(name, out var value))
        {
            yield break;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > maxCount)
        {
            Wrong(name, $"an array of at most {maxCount} items, got {Describe(value)}", 0);
            yield break;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            yield return ($"{At(name)}/{index++}", item);
        }
    }

    /// <summary>Notes a faulty value.</summary>
    public T Wrong<T>(string name, string expected, T fallback)
    {
        _faults.Add(new Fault(FaultCodes.InvalidValue, At(name), $"'{name}' must be {expected}."));
        return fallback;
    }

    /// <summary>The text of a string; null where the value is none, or is no valid Unicode (JSON can escape half of a surrogate pair).</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Where a field stands in the body.</summary>
    public string At(string name) => Cascade.Provenance.Step(_pointer, name);

    /// <summary>Names a value for a message, without repeating long input.</summary>
    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"an array of {value.GetArrayLength()}",
        JsonValueKind.Undefined => "nothing",
        _ => Shorten(value.GetRawText()),
    };

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // Half of a surrogate pair would be no text.
    private static string Shorten(string raw) => raw.Length <= 40 ? raw : raw[..(char.IsHighSurrogate(raw[36]) ? 36 : 37)] + "...";
}
