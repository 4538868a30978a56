using System.Collections.Immutable;
using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>Who asks.</summary>
/// <remarks>Immutable but for <see cref="Found"/>, which is replaced whole when it is looked at again; safe for concurrent use.</remarks>
internal sealed class Principal
{
    /// <summary>What subjects of tokens begin with; no identity provider may name anybody so.</summary>
    public const string TokenPrefix = "token:";

    private readonly DateTime? _ends;
    private volatile TokenFound? _found;

    private Principal(PrincipalKind kind, string subject, ImmutableArray<RoleGrant> grants, DateTime? ends) =>
        (Kind, Subject, Grants, _ends, Identity) = (kind, subject, grants, ends, new ChangeIdentity(subject, grants));

    /// <summary>Nobody: a request without a credential.</summary>
    public static Principal Nobody { get; } = new(PrincipalKind.Nobody, "anonymous", [], null);

    /// <summary>What kind of caller it is.</summary>
    public PrincipalKind Kind { get; }

    /// <summary>Its name in records: what the identity provider says, <c>token:{id}</c>, or <c>bootstrap</c>.</summary>
    public string Subject { get; }

    /// <summary>The roles that its credential gives. Memberships come on top of a person's.</summary>
    public ImmutableArray<RoleGrant> Grants { get; }

    /// <summary>The same for the record, which looks at it once more.</summary>
    public ChangeIdentity Identity { get; }

    /// <summary>When its credential ends, UTC; null never.</summary>
    public DateTime? ExpiresAt => Found is { } found ? found.Until : _ends;

    /// <summary>The token it came with; null where it is none of the service's own.</summary>
    public AccessToken? Token { get; private init; }

    /// <summary>The keyed hash of the very secret it came with.</summary>
    public string? SecretHash { get; private init; }

    /// <summary>Where its token was found last; null where it has none of the service's own.</summary>
    public TokenFound? Found
    {
        get => _found;
        set => _found = value;
    }

    /// <summary>Whether members' roles count for it.</summary>
    public bool IsPerson => Kind == PrincipalKind.Person;

    /// <summary>Whether it may speak for others, as machines do for their users.</summary>
    public bool IsMachine => Kind == PrincipalKind.Machine;

    /// <summary>Who holds an API token.</summary>
    public static Principal OfToken(ScopeId scope, AccessToken token, string secretHash, TokenFound found) =>
        new(PrincipalKind.Machine, TokenPrefix + token.Id, [new RoleGrant(scope, token.Role)], null) { Token = token, SecretHash = secretHash, Found = found };

    /// <summary>Who holds the token of the configuration.</summary>
    public static Principal Bootstrap { get; } = new(PrincipalKind.Machine, "bootstrap", [new RoleGrant(ScopeId.System, ScopeRole.SysOwner)], null);

    /// <summary>Whom the identity provider names.</summary>
    public static Principal OfPerson(string subject, ImmutableArray<RoleGrant> grants, DateTime expiresAt) => new(PrincipalKind.Person, subject, grants, expiresAt);

    /// <summary>Whether no identity provider may name anybody so, because the service does.</summary>
    public static bool IsReserved(string subject) =>
        subject.StartsWith(TokenPrefix, StringComparison.Ordinal) || subject is "anonymous" or "bootstrap" or "configuration" or "demo";
}

/// <summary>That a token was found among the tokens of its scope.</summary>
/// <param name="Among">Members and tokens of the scope: while the scope has this very object, nothing about the token changed.</param>
/// <param name="Until">When the token or the secret it came with ends, whichever is earlier, UTC; null never.</param>
internal sealed record TokenFound(ScopeAccess Among, DateTime? Until);

/// <summary>Kinds of callers.</summary>
internal enum PrincipalKind
{
    /// <summary>No credential.</summary>
    Nobody,

    /// <summary>A token of the service or of its configuration.</summary>
    Machine,

    /// <summary>A token of the host's identity provider.</summary>
    Person,
}
