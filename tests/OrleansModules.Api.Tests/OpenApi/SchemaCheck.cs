namespace OrleansModules.Api.Tests.OpenApi;

/// <summary>Compares the names of members in answers with a schema of the OpenAPI document.</summary>
internal sealed class SchemaCheck(JsonNode document)
{
    /// <summary>What does not fit, as pointers with a reason.</summary>
    public List<string> Misfits { get; } = [];

    /// <summary>The schema of a success, or of a problem.</summary>
    public JsonNode SchemaOf(string operationId, string status)
    {
        var operation = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!)
            .Single(o => string.Equals((string?)o["operationId"], operationId, StringComparison.Ordinal));
        return operation["responses"]![status]!["content"]!.AsObject().First().Value!["schema"]!;
    }

    /// <summary>Checks a value: every member is in the schema, every member that has to be there is.</summary>
    public void Check(JsonNode? value, JsonNode? schema, string pointer)
    {
        if (Resolve(schema, value) is not { } resolved)
        {
            return;
        }

        if (value is JsonArray array)
        {
            foreach (var (index, item) in array.Index())
            {
                Check(item, resolved["items"], $"{pointer}/{index}");
            }
        }
        else if (value is JsonObject given && resolved["properties"] is JsonObject properties)
        {
            foreach (var (name, member) in given)
            {
                if (properties.TryGetPropertyValue(name, out var inner))
                {
                    Check(member, inner, $"{pointer}/{name}");
                }
                else
                {
                    Misfits.Add($"{pointer}/{name} is not in the document");
                }
            }

            foreach (var (name, inner) in properties)
            {
                if (!given.ContainsKey(name) && !MayBeNull(inner))
                {
                    Misfits.Add($"{pointer}/{name} is not in the answer");
                }
            }
        }
    }

    private JsonNode? Resolve(JsonNode? schema, JsonNode? value)
    {
        while (true)
        {
            if (schema is null || value is null)
            {
                return null;
            }

            if ((string?)schema["$ref"] is { } reference)
            {
                schema = reference.Split('/').Skip(1).Aggregate(document, (node, step) => node![step]!);
            }
            else if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray choices)
            {
                schema = choices.First(c => !string.Equals(c!["type"] is JsonValue type ? type.ToString() : null, "null", StringComparison.Ordinal));
            }
            else
            {
                return schema;
            }
        }
    }

    private static bool MayBeNull(JsonNode? schema) =>
        (schema?["type"] is JsonArray types && types.Any(t => string.Equals((string?)t, "null", StringComparison.Ordinal)))
        || ((schema?["oneOf"] ?? schema?["anyOf"]) is JsonArray choices && choices.Any(c => c!["type"] is JsonValue type && string.Equals(type.ToString(), "null", StringComparison.Ordinal)));
}
