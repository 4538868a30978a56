using System.Text.Json;

namespace OrleansModules.Api.Tests.OpenApi;

/// <summary>Compares values with schemas of the OpenAPI document, as far as the document uses JSON Schema; members that it does not name are misfits too.</summary>
internal sealed class SchemaCheck(JsonNode document)
{
    private const string Components = "#/components/schemas/";

    // These two say nothing that is checked here.
    private static readonly HashSet<string> Known = new(["type", "required", "properties", "additionalProperties", "items", "oneOf", "$ref", "description", "format"], StringComparer.Ordinal);

    /// <summary>What does not fit, as pointers with a reason.</summary>
    public List<string> Misfits { get; } = [];

    /// <summary>What the document allows and no value has shown yet: each schema at all, members that may be absent, and those that may be null.</summary>
    public HashSet<string> Unseen { get; } = [.. document["components"]!["schemas"]!.AsObject().SelectMany(s => Allowed(s.Key, s.Value!))];

    /// <summary>An operation and its method.</summary>
    public (HttpMethod Method, JsonNode Says) Operation(string id)
    {
        var (method, operation) = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Single(o => string.Equals((string?)o.Value!["operationId"], id, StringComparison.Ordinal));
        return (new HttpMethod(method.ToUpperInvariant()), operation!);
    }

    /// <summary>Checks a value.</summary>
    public void Check(JsonNode? value, JsonNode schema, string pointer)
    {
        foreach (var (keyword, _) in schema.AsObject())
        {
            Assert.True(Known.Contains(keyword), $"The document says '{keyword}' of {pointer}, which is not checked here.");
        }

        if ((string?)schema["$ref"] is { } reference)
        {
            var name = reference[Components.Length..];
            var named = document["components"]!["schemas"]![name]!;
            Unseen.ExceptWith(Shown(name, value as JsonObject, named));
            Check(value, named, pointer);
            return;
        }

        if (schema["oneOf"] is JsonArray choices)
        {
            // The document says it of what may be null.
            Assert.True(choices is [var first, _] && IsOf(first!, "null"), $"{pointer} has other choices than null and something.");
            Check(value, choices[value is null ? 0 : 1]!, pointer);
            return;
        }

        if (schema["type"] is not null && !KindsOf(value).Any(kind => IsOf(schema, kind)))
        {
            Misfits.Add($"{pointer} is {value?.GetValueKind() ?? JsonValueKind.Null}");
            return;
        }

        if (value is JsonArray array && schema["items"] is { } items)
        {
            foreach (var (index, item) in array.Index())
            {
                Check(item, items, $"{pointer}/{index}");
            }
        }
        else if (value is JsonObject given)
        {
            CheckMembers(given, schema, pointer);
        }
    }

    private void CheckMembers(JsonObject given, JsonNode schema, string pointer)
    {
        foreach (var name in (schema["required"]?.AsArray() ?? []).Select(n => (string)n!).Where(n => !given.ContainsKey(n)))
        {
            Misfits.Add($"{pointer}/{name} is absent");
        }

        foreach (var (name, member) in given)
        {
            if ((schema["properties"]?[name] ?? schema["additionalProperties"]) is { } inner)
            {
                Check(member, inner, $"{pointer}/{name}");
            }
            else if (schema["properties"] is not null)
            {
                Misfits.Add($"{pointer}/{name} is not in the document");
            }
        }
    }

    private static IEnumerable<string> Allowed(string name, JsonNode schema) =>
        (schema["properties"]?.AsObject() ?? []).SelectMany(m => new[] { IsRequired(schema, m.Key) ? null : $"{name}/{m.Key} absent", MayBeNull(m.Value!) ? $"{name}/{m.Key} null" : null })
            .OfType<string>().Prepend(name);

    private static IEnumerable<string> Shown(string name, JsonObject? value, JsonNode schema) =>
        (value is null ? [] : schema["properties"]?.AsObject() ?? []).Select(m => !value!.TryGetPropertyValue(m.Key, out var member) ? $"{name}/{m.Key} absent" : member is null ? $"{name}/{m.Key} null" : "")
            .Prepend(name);

    private static bool IsRequired(JsonNode schema, string member) => schema["required"]?.AsArray().Any(r => string.Equals((string?)r, member, StringComparison.Ordinal)) == true;

    private static bool MayBeNull(JsonNode schema) => IsOf(schema["oneOf"]?[0] ?? schema, "null");

    private static bool IsOf(JsonNode schema, string kind) => schema["type"] switch
    {
        JsonArray kinds => kinds.Any(k => string.Equals((string?)k, kind, StringComparison.Ordinal)),
        { } one => string.Equals((string?)one, kind, StringComparison.Ordinal),
        null => false,
    };

    private static string[] KindsOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => ["null"],
        JsonValueKind.True or JsonValueKind.False => ["boolean"],
        JsonValueKind.String => ["string"],
        JsonValueKind.Array => ["array"],
        JsonValueKind.Object => ["object"],
        _ => long.TryParse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out _) ? ["integer", "number"] : ["number"],
    };
}
