using System.Buffers;
using System.Text.Json;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.OpenFeature;

/// <summary>Reads the one thing that counts in an evaluation context: which scope is asked.</summary>
internal static class EvaluationContext
{
    /// <summary>The attribute that says whether <c>targetingKey</c> names a workspace (the default) or an organization.</summary>
    public const string ScopeKindName = "scopeKind";

    /// <summary>Reads a request body.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="maxDepth">How deep JSON may nest.</param>
    /// <param name="scope">The scope.</param>
    /// <returns>What is wrong; null where nothing is.</returns>
    public static EvaluationFault? Read(in ReadOnlySequence<byte> body, int maxDepth, out ScopeId scope)
    {
        scope = default;
        try
        {
            var json = new JsonReaderOptions { MaxDepth = maxDepth };
            var reader = body.IsSingleSegment ? new Utf8JsonReader(body.FirstSpan, json) : new Utf8JsonReader(body, json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return new EvaluationFault(EvaluationFault.ParseError, "The body must be a JSON object with the member 'context'.");
            }

            var (hasContext, key, keyFault, kind, twice) = (false, (string?)null, (string?)null, (string?)null, (string?)null);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!reader.ValueTextEquals("context"u8))
                {
                    Skip(ref reader);
                    continue;
                }

                if (hasContext)
                {
                    return Twice("context");
                }

                reader.Read();
                if (reader.TokenType != JsonTokenType.StartObject)
                {
                    return new EvaluationFault(EvaluationFault.InvalidContext, "'context' must be an object.");
                }

                hasContext = true;
                twice ??= ReadContext(ref reader, ref key, ref keyFault, ref kind);
            }

            while (reader.Read())
            {
                // Nothing may stand behind the object; the reader throws if something does.
            }

            return twice is not null ? Twice(twice)
                : !hasContext ? new EvaluationFault(EvaluationFault.InvalidContext, "'context' is missing.")
                : keyFault is not null ? new EvaluationFault(EvaluationFault.InvalidContext, keyFault)
                : string.IsNullOrEmpty(key) ? new EvaluationFault(EvaluationFault.TargetingKeyMissing, "'targetingKey' must be the id of a workspace, or of an organization where 'scopeKind' is 'org'.")
                : Find(key, kind, out scope);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new EvaluationFault(EvaluationFault.ParseError, "The body is not the JSON this service takes.");
        }
    }

    // Answers the name of a member that is there twice: which of them counts is nobody's guess.
    private static string? ReadContext(ref Utf8JsonReader reader, ref string? key, ref string? keyFault, ref string? kind)
    {
        var (hasKey, hasKind, twice) = (false, false, (string?)null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("targetingKey"u8))
            {
                twice ??= hasKey ? "targetingKey" : null;
                hasKey = true;
                reader.Read();
                keyFault = reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? null : "'targetingKey' must be a string.";
                key = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("scopeKind"u8))
            {
                twice ??= hasKind ? ScopeKindName : null;
                hasKind = true;
                reader.Read();
                kind = reader.TokenType == JsonTokenType.String ? reader.GetString() : "";
                reader.Skip();
            }
            else
            {
                Skip(ref reader);
            }
        }

        return twice;
    }

    private static EvaluationFault Twice(string name) => new(EvaluationFault.ParseError, $"'{name}' is there twice.");

    private static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private static EvaluationFault? Find(string key, string? kind, out ScopeId scope)
    {
        scope = default;
        if (kind is not (null or "workspace" or "org"))
        {
            return new EvaluationFault(EvaluationFault.InvalidContext, "'scopeKind' must be 'workspace' or 'org'.");
        }

        if (!ScopeId.IsValidId(key))
        {
            return new EvaluationFault(EvaluationFault.InvalidContext, $"'targetingKey' is no id; accepted: 1 to {ScopeId.MaxIdLength} letters, digits, '.', '_' or '-', a letter or digit first.");
        }

        scope = kind is "org" ? ScopeId.Org(key) : ScopeId.Workspace(key);
        return null;
    }
}
