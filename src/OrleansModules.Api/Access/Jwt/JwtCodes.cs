namespace OrleansModules.Api.Access.Jwt;

/// <summary>Stable codes of refused tokens of the identity provider.</summary>
internal static class JwtCodes
{
    public const string AlgorithmNotSupported = "algorithm-not-supported";
    public const string AudienceWrong = "audience-wrong";
    public const string ClaimsInvalid = "claims-invalid";
    public const string IssuerWrong = "issuer-wrong";
    public const string KeyUnknown = "key-unknown";
    public const string KeysUnavailable = "keys-unavailable";
    public const string SignatureInvalid = "signature-invalid";
    public const string TokenExpired = "token-expired";
    public const string TokenMalformed = "token-malformed";
    public const string TokenNotYetValid = "token-not-yet-valid";
    public const string TokenTooLarge = "token-too-large";
}
