using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OrleansModules.Api.Access;

/// <summary>The key that hashes of tokens are made with, and the token of the configuration. The host registers it.</summary>
/// <remarks>Immutable; safe for concurrent use. Its text says nothing of what it holds.</remarks>
public sealed class AccessSecrets
{
    /// <summary>The shortest key, in bytes.</summary>
    public const int MinKeyBytes = 32;

    /// <summary>The shortest token of a configuration, in characters.</summary>
    public const int MinBootstrapLength = 24;

    private readonly byte[] _key;
    private readonly byte[]? _bootstrap;

    /// <summary>Takes the key.</summary>
    /// <param name="key">At least <see cref="MinKeyBytes"/>. Every node of a cluster has the same.</param>
    /// <param name="bootstrapToken">The token that opens everything, at least <see cref="MinBootstrapLength"/> characters; null for none.</param>
    public AccessSecrets(ReadOnlySpan<byte> key, string? bootstrapToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, MinKeyBytes, nameof(key));
        _key = key.ToArray();
        _bootstrap = bootstrapToken is null ? null : HashBytes(bootstrapToken);
    }

    /// <summary>Whether the configuration has a token.</summary>
    public bool HasBootstrapToken => _bootstrap is not null;

    /// <summary>The keyed hash of a token in base64url.</summary>
    internal string Hash(string token) => Base64Url.EncodeToString(HashBytes(token));

    /// <summary>Whether a token is the one of the configuration. Takes as long for any token of a length.</summary>
    internal bool IsBootstrap(string token) => _bootstrap is not null && CryptographicOperations.FixedTimeEquals(HashBytes(token), _bootstrap);

    /// <summary>A key for something else, of 32 bytes: the same wherever the key is the same, and no hash of any token.</summary>
    /// <param name="purpose">What it is for; ends with a line break, as no token does.</param>
    internal byte[] Derive(string purpose) => HashBytes(purpose);

    /// <summary>Whether a token has that hash. Takes as long for any hash of a length.</summary>
    internal static bool AreEqual(string hash, string other) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(other));

    private byte[] HashBytes(string token) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(token));
}
