using System.Collections.Immutable;
using System.Text.Json;
using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access.Jwt;

/// <summary>Reads what a verified token claims.</summary>
internal static class JwtClaims
{
    private const int MaxSubject = 200;
    private const int MaxGrants = 200;
    private const long MaxSeconds = 253_402_300_799; // the end of the year 9999

    /// <summary>Judges the claims of a token whose signature is good.</summary>
    /// <param name="payload">The claims.</param>
    /// <param name="options">The settings.</param>
    /// <param name="now">The time, UTC.</param>
    public static JwtResult Judge(JsonElement payload, JwtOptions options, DateTime now)
    {
        if (StrictJson.Text(payload, "iss") is not { } issuer || !issuer.Equals(options.Issuer, StringComparison.Ordinal))
        {
            return new JwtResult.Refused(JwtCodes.IssuerWrong);
        }

        if (!IsFor(payload, options.Audience))
        {
            return new JwtResult.Refused(JwtCodes.AudienceWrong);
        }

        if (!TryTime(payload, "exp", out var expires) || expires is not { } end || !TryTime(payload, "nbf", out var notBefore) || !TryTime(payload, "iat", out var issuedAt))
        {
            return new JwtResult.Refused(JwtCodes.ClaimsInvalid);
        }

        if (now - options.ClockSkew >= end)
        {
            return new JwtResult.Refused(JwtCodes.TokenExpired);
        }

        if (now + options.ClockSkew < notBefore || now + options.ClockSkew < issuedAt)
        {
            return new JwtResult.Refused(JwtCodes.TokenNotYetValid);
        }

        return StrictJson.Text(payload, options.SubjectClaim) is { Length: > 0 and <= MaxSubject } subject && !subject.Any(char.IsControl)
            ? new JwtResult.Accepted(subject, Grants(payload, options), end > DateTime.MaxValue - options.ClockSkew ? DateTime.MaxValue : end + options.ClockSkew)
            : new JwtResult.Refused(JwtCodes.ClaimsInvalid);
    }

    private static bool IsFor(JsonElement payload, string? audience) => payload.TryGetProperty("aud", out var claim) && (claim.ValueKind == JsonValueKind.Array
        ? claim.EnumerateArray().Any(a => StrictJson.Text(a) is { } one && one.Equals(audience, StringComparison.Ordinal))
        : StrictJson.Text(claim) is { } only && only.Equals(audience, StringComparison.Ordinal));

    private static bool TryTime(JsonElement payload, string name, out DateTime? time)
    {
        time = null;
        if (!payload.TryGetProperty(name, out var claim))
        {
            return true;
        }

        if (claim.ValueKind != JsonValueKind.Number || !claim.TryGetDouble(out var seconds) || !(seconds >= 0 && seconds <= MaxSeconds))
        {
            return false;
        }

        time = DateTime.UnixEpoch.AddSeconds(seconds);
        return true;
    }

    private static ImmutableArray<RoleGrant> Grants(JsonElement payload, JwtOptions options)
    {
        var inSystem = payload.TryGetProperty(options.RolesClaim, out var roles) ? Words(roles).Select(w => Grant("system", w)) : [];
        var inScopes = payload.TryGetProperty(options.MembershipsClaim, out var memberships) && memberships.ValueKind == JsonValueKind.Object
            ? memberships.EnumerateObject().SelectMany(m => Words(m.Value).Select(w => Grant(m.Name, w)))
            : [];
        return [.. inSystem.Concat(inScopes).OfType<RoleGrant>().Distinct().Take(MaxGrants)];
    }

    private static RoleGrant? Grant(string scope, string word) =>
        ScopeId.TryParse(scope, out var id) && ScopeRoles.TryParse(word, out var role) && ScopeRoles.Fits(role, id.Kind) ? new RoleGrant(id, role) : null;

    private static IEnumerable<string> Words(JsonElement claim) => claim.ValueKind == JsonValueKind.Array
        ? claim.EnumerateArray().Select(StrictJson.Text).OfType<string>()
        : StrictJson.Text(claim)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
