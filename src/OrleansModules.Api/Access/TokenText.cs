using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>The text of an API token: <c>omt_{scope}.{id}.{secret}{check}</c>.</summary>
/// <remarks>
/// It names its scope, so that it is found without an index of all tokens; its prefix and the check at its end let scanners of source
/// code recognise it, and let a mistyped one be refused before anything is looked up.
/// </remarks>
internal static class TokenText
{
    /// <summary>What every token begins with.</summary>
    public const string Prefix = "omt_";

    private const int SecretBytes = 32;
    private const int CheckBytes = 3;
    private const int MaxLength = 300;

    /// <summary>A new id: 12 letters and digits.</summary>
    public static string NewId() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 12);

    /// <summary>A new token for an id in a scope.</summary>
    public static string New(ScopeId scope, string id)
    {
        var body = $"{Prefix}{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(scope.ToString()))}.{id}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        return body + Check(body);
    }

    /// <summary>The scope and id that a token names.</summary>
    /// <returns>False for what is no token, as one that was mistyped.</returns>
    public static bool TryParse(string text, out ScopeId scope, [NotNullWhen(true)] out string? id)
    {
        scope = default;
        id = null;
        if (text.Length > MaxLength || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = text[Prefix.Length..].Split('.');
        if (parts.Length != 3 || parts[2].Length != CheckLength + 43 || !text.AsSpan(text.Length - CheckLength).SequenceEqual(Check(text[..^CheckLength])))
        {
            return false;
        }

        var path = new byte[MaxLength];
        if (!Base64Url.IsValid(parts[0]) || !Base64Url.TryDecodeFromChars(parts[0], path, out var length) || !ScopeId.TryParse(Encoding.ASCII.GetString(path, 0, length), out scope))
        {
            return false;
        }

        id = parts[1];
        return true;
    }

    private static int CheckLength => CheckBytes / 3 * 4;

    private static string Check(string body) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(body)).AsSpan(0, CheckBytes));
}
