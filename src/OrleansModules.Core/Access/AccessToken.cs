using System.Collections.Immutable;

namespace OrleansModules.Core.Access;

/// <summary>A machine's right to act in a scope. Its secret is known to its holder only.</summary>
/// <param name="Id">Names it within its scope, 1 to 64 characters.</param>
/// <param name="Name">What it is for, in its owner's words, 1 to 200 characters.</param>
/// <param name="Role">What it may do.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="ExpiresAt">When it ends, UTC; null never.</param>
/// <param name="Secrets">The secrets that open it: one, or two while it is being rotated.</param>
public sealed record AccessToken(string Id, string Name, ScopeRole Role, DateTime CreatedAt, DateTime? ExpiresAt, ImmutableArray<TokenSecret> Secrets)
{
    /// <inheritdoc/>
    public bool Equals(AccessToken? other) =>
        other is not null && (Id, Name, Role, CreatedAt, ExpiresAt) == (other.Id, other.Name, other.Role, other.CreatedAt, other.ExpiresAt) && Secrets.SequenceEqual(other.Secrets);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Name, Role, CreatedAt, ExpiresAt, Secrets.Length);
}

/// <summary>One secret of a token, as a keyed hash.</summary>
/// <param name="Hash">The keyed hash in base64url; says nothing to who lacks the key.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="ExpiresAt">When it ends, UTC; null with its token.</param>
public sealed record TokenSecret(string Hash, DateTime CreatedAt, DateTime? ExpiresAt);
