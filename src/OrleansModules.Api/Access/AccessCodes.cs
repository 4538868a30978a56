namespace OrleansModules.Api.Access;

/// <summary>Stable codes of refusals at the gate.</summary>
internal static class AccessCodes
{
    public const string CredentialAmbiguous = "credential-ambiguous";
    public const string CredentialMissing = "credential-missing";
    public const string Forbidden = "forbidden";
    public const string OwnAccessFixed = "own-access-fixed";
    public const string RoleAboveOwn = "role-above-own";
    public const string SchemeNotSupported = "scheme-not-supported";
    public const string TokenInvalid = "token-invalid";
    public const string TokenOutlivesOwn = "token-outlives-own";
}
