using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>What the gate answers to those it does not let through.</summary>
internal static class AccessProblems
{
    private const string Realm = "Bearer realm=\"orleans-modules\"";

    /// <summary>The answer to a decision that is none to go on.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="scope">The scope it was about.</param>
    /// <param name="failure">Why a credential that was sent is not good; null where none was sent.</param>
    public static ApiProblem Of(AccessDecision decision, ScopeId scope, string? failure) => decision.Outcome switch
    {
        AccessOutcome.Unauthenticated when failure is null => new(StatusCodes.Status401Unauthorized, AccessCodes.CredentialMissing,
            "Say who you are: send an API token, or a token of the identity provider, as 'Authorization: Bearer', or an API token as 'X-API-Key'.") { Challenge = Realm },
        AccessOutcome.Unauthenticated => new(StatusCodes.Status401Unauthorized, failure, Explain(failure)) { Challenge = Realm + ", error=\"invalid_token\"" },
        AccessOutcome.Hidden => RouteIds.Missing(scope),
        _ => new(StatusCodes.Status403Forbidden, AccessCodes.Forbidden, $"This needs the role {ScopeRoles.Word(decision.Missing)}, or one above it, in {scope}.")
        {
            MissingRole = decision.Missing, Scope = scope,
        },
    };

    private static string Explain(string failure) => failure switch
    {
        AccessCodes.CredentialAmbiguous => "Send one credential: either 'Authorization' or 'X-API-Key', once.",
        AccessCodes.SchemeNotSupported => "'Authorization' must be 'Bearer' and a token.",
        AccessCodes.TokenInvalid => "The token is not known here: it was mistyped, has ended or was revoked.",
        _ => $"The token of the identity provider is not accepted: {failure}.",
    };
}
