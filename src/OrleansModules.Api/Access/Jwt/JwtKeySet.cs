using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansModules.Api.Access.Jwt;

/// <summary>The provider's keys as they were read once. Immutable.</summary>
internal sealed class JwtKeySet(ImmutableArray<JwtKey> keys)
{
    /// <summary>The most keys that are looked at; a provider has a few.</summary>
    public const int MaxKeys = 64;

    // A token without a key id is tried with this many keys at most, so that it stays cheap to refuse.
    private const int MaxTries = 4;

    /// <summary>No keys.</summary>
    public static JwtKeySet Empty { get; } = new([]);

    /// <summary>How many keys there are.</summary>
    public int Count => keys.Length;

    /// <summary>The keys that may have made a signature.</summary>
    /// <param name="id">The key id that the token names; null for none.</param>
    /// <param name="algorithm">The algorithm that the token names.</param>
    public IEnumerable<JwtKey> Find(string? id, JwtAlgorithm algorithm) =>
        keys.Where(k => k.Fits(algorithm) && (id is null || id.Equals(k.Id, StringComparison.Ordinal))).Take(MaxTries);

    /// <summary>Reads a set (RFC 7517). Keys that are not for verifying signatures here are left out.</summary>
    /// <returns>Null where it is no set, or no key of it can be used.</returns>
    public static JwtKeySet? Read(byte[] bytes)
    {
        using var document = StrictJson.Parse(bytes);
        if (document is null || !document.RootElement.TryGetProperty("keys", out var listed) || listed.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var usable = listed.EnumerateArray().Take(MaxKeys).Select(JwtKey.Read).OfType<JwtKey>().ToImmutableArray();
        return usable.IsEmpty ? null : new JwtKeySet(usable);
    }
}
