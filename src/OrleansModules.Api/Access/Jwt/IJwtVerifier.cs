using System.Collections.Immutable;
using OrleansModules.Core.Access;

namespace OrleansModules.Api.Access.Jwt;

/// <summary>Verifies tokens of the host's identity provider. Registered only where one is configured.</summary>
/// <remarks>May be called concurrently. Accepted tokens are remembered for a short while, so it is not asked at every request.</remarks>
internal interface IJwtVerifier
{
    /// <summary>Verifies a token.</summary>
    /// <param name="token">The token as it was sent, without <c>Bearer</c>.</param>
    /// <param name="cancellationToken">Ends the wait for keys.</param>
    ValueTask<JwtResult> VerifyAsync(string token, CancellationToken cancellationToken);
}

/// <summary>What a verifier says to a token.</summary>
internal abstract record JwtResult
{
    private JwtResult()
    {
    }

    /// <summary>The token is good.</summary>
    /// <param name="Subject">Whom it names, 1 to 200 characters.</param>
    /// <param name="Grants">The roles that its claims give, each fitting its scope; members of scopes need none.</param>
    /// <param name="ExpiresAt">When it ends, skew included, UTC.</param>
    public sealed record Accepted(string Subject, ImmutableArray<RoleGrant> Grants, DateTime ExpiresAt) : JwtResult;

    /// <summary>The token is not good.</summary>
    /// <param name="Code">A stable code in kebab case, such as <c>token-expired</c>; tells nothing secret.</param>
    public sealed record Refused(string Code) : JwtResult;
}
