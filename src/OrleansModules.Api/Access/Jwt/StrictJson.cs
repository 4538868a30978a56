using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace OrleansModules.Api.Access.Jwt;

/// <summary>Reads what a stranger wrote: strict base64url, strict UTF-8, no member twice, not deep, nothing behind the value.</summary>
internal static class StrictJson
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Decodes base64url without padding. Refuses a text that is not the only one for its bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var buffer = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, buffer, out var length) || !Base64Url.EncodeToString(buffer.AsSpan(0, length)).AsSpan().SequenceEqual(text))
        {
            return false;
        }

        bytes = buffer[..length];
        return true;
    }

    /// <summary>Parses an object.</summary>
    /// <returns>Null where it is none. The caller disposes it.</returns>
    public static JsonDocument? Parse(byte[] bytes)
    {
        try
        {
            Utf8.GetCharCount(bytes);
            var document = JsonDocument.Parse(bytes, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>The text of a member; null where it is missing or no text.</summary>
    public static string? Text(JsonElement value, string name) => value.TryGetProperty(name, out var member) ? Text(member) : null;

    /// <summary>The text of a value; null where it is no text, as half a surrogate pair is none.</summary>
    public static string? Text(JsonElement value)
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
}
