using System.Security.Cryptography;
using System.Text.Json;

namespace OrleansModules.Api.Access.Jwt;

/// <summary>A public key that signatures are verified with (RFC 7517).</summary>
/// <remarks>Immutable; safe for concurrent use.</remarks>
internal sealed class JwtKey
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;
    private const int CoordinateBytes = 32;

    private readonly RSAParameters _rsa;
    private readonly ECParameters _curve;
    private readonly JwtAlgorithm? _only;
    private readonly bool _isCurve;

    private JwtKey(string? id, JwtAlgorithm? only, RSAParameters rsa) => (Id, _only, _rsa) = (id, only, rsa);

    private JwtKey(string? id, JwtAlgorithm? only, ECParameters curve) => (Id, _only, _curve, _isCurve) = (id, only, curve, true);

    /// <summary>Its name, <c>kid</c>; null without one.</summary>
    public string? Id { get; }

    /// <summary>Whether signatures of an algorithm can be verified with it.</summary>
    public bool Fits(JwtAlgorithm algorithm) => _isCurve == (algorithm == JwtAlgorithm.ES256) && (_only is null || _only == algorithm);

    /// <summary>Whether a signature is of some data. The key fits the algorithm.</summary>
    public bool Verify(JwtAlgorithm algorithm, byte[] data, byte[] signature)
    {
        if (_isCurve)
        {
            using var curve = ECDsa.Create(_curve);
            return signature.Length == 2 * CoordinateBytes && curve.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        using var rsa = RSA.Create(_rsa);
        return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, algorithm == JwtAlgorithm.PS256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    /// <summary>Reads a key.</summary>
    /// <returns>Null for a key that is not for verifying signatures here: another kind, use, curve or length, or a broken one.</returns>
    public static JwtKey? Read(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object || !IsForVerifying(jwk))
        {
            return null;
        }

        var id = StrictJson.Text(jwk, "kid");
        var only = JwtAlgorithms.Find(StrictJson.Text(jwk, "alg"));
        if (jwk.TryGetProperty("alg", out _) && only is null)
        {
            return null;
        }

        return StrictJson.Text(jwk, "kty") switch
        {
            "RSA" => ReadRsa(jwk, id, only),
            "EC" => ReadCurve(jwk, id, only),
            _ => null,
        };
    }

    private static bool IsForVerifying(JsonElement jwk)
    {
        var isForSignatures = !jwk.TryGetProperty("use", out _) || StrictJson.Text(jwk, "use") is "sig";
        return isForSignatures && (!jwk.TryGetProperty("key_ops", out var operations)
            || (operations.ValueKind == JsonValueKind.Array && operations.EnumerateArray().Any(o => StrictJson.Text(o) is "verify")));
    }

    private static JwtKey? ReadRsa(JsonElement jwk, string? id, JwtAlgorithm? only)
    {
        if (Bytes(jwk, "n") is not { } modulus || Bytes(jwk, "e") is not { } exponent || modulus.Length * 8 is < MinRsaBits or > MaxRsaBits || exponent.Length is 0 or > 8)
        {
            return null;
        }

        var parameters = new RSAParameters { Modulus = modulus, Exponent = exponent };
        return Works(() => RSA.Create(parameters)) ? new JwtKey(id, only, parameters) : null;
    }

    private static JwtKey? ReadCurve(JsonElement jwk, string? id, JwtAlgorithm? only)
    {
        if (StrictJson.Text(jwk, "crv") is not "P-256" || Bytes(jwk, "x") is not { Length: CoordinateBytes } x || Bytes(jwk, "y") is not { Length: CoordinateBytes } y)
        {
            return null;
        }

        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } };
        return Works(() => ECDsa.Create(parameters)) ? new JwtKey(id, only, parameters) : null;
    }

    private static byte[]? Bytes(JsonElement jwk, string name) => StrictJson.Text(jwk, name) is { } text && StrictJson.TryDecode(text, out var bytes) ? bytes : null;

    // A point that is not on its curve is refused by the platform.
    private static bool Works(Func<AsymmetricAlgorithm> create)
    {
        try
        {
            create().Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
