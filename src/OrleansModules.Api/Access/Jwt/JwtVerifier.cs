using System.Text;
using System.Text.Json;

namespace OrleansModules.Api.Access.Jwt;

/// <summary>Verifies signed tokens in compact form (RFC 7515, RFC 7519) on the platform's cryptography.</summary>
/// <remarks>The algorithm comes from a short list of those with key pairs, and must fit the kind of the key; a token brings no key of its own.</remarks>
internal sealed class JwtVerifier(JwtOptions options, JwtKeys keys, TimeProvider time) : IJwtVerifier
{
    /// <summary>The longest token, in characters.</summary>
    public const int MaxLength = 8192;

    /// <inheritdoc/>
    public async ValueTask<JwtResult> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > MaxLength)
        {
            return new JwtResult.Refused(JwtCodes.TokenTooLarge);
        }

        var parts = token.Split('.', 4);
        if (parts.Length != 3 || !StrictJson.TryDecode(parts[0], out var header) || !StrictJson.TryDecode(parts[1], out var payload) || !StrictJson.TryDecode(parts[2], out var signature))
        {
            return new JwtResult.Refused(JwtCodes.TokenMalformed);
        }

        using var head = StrictJson.Parse(header);
        if (head is null || !IsPlain(head.RootElement))
        {
            return new JwtResult.Refused(JwtCodes.TokenMalformed);
        }

        if (JwtAlgorithms.Find(StrictJson.Text(head.RootElement, "alg")) is not { } algorithm)
        {
            return new JwtResult.Refused(JwtCodes.AlgorithmNotSupported);
        }

        var candidates = await keys.FindAsync(StrictJson.Text(head.RootElement, "kid"), algorithm, cancellationToken);
        if (candidates.Count == 0)
        {
            return new JwtResult.Refused(keys.HasAny ? JwtCodes.KeyUnknown : JwtCodes.KeysUnavailable);
        }

        var signed = Encoding.ASCII.GetBytes(token, 0, parts[0].Length + 1 + parts[1].Length);
        if (!candidates.Any(k => k.Verify(algorithm, signed, signature)))
        {
            return new JwtResult.Refused(JwtCodes.SignatureInvalid);
        }

        using var claims = StrictJson.Parse(payload);
        return claims is null ? new JwtResult.Refused(JwtCodes.TokenMalformed) : JwtClaims.Judge(claims.RootElement, options, time.GetUtcNow().UtcDateTime);
    }

    // What must be understood and is not ("crit") ends it; so does a kind of token that is not for calling services.
    private static bool IsPlain(JsonElement header) =>
        !header.TryGetProperty("crit", out _)
        && (!header.TryGetProperty("kid", out var id) || id.ValueKind == JsonValueKind.String)
        && (!header.TryGetProperty("typ", out var type) || StrictJson.Text(type) is { } text
            && (text.Equals("JWT", StringComparison.OrdinalIgnoreCase) || text.Equals("at+jwt", StringComparison.OrdinalIgnoreCase) || text.Equals("application/at+jwt", StringComparison.OrdinalIgnoreCase)));
}
