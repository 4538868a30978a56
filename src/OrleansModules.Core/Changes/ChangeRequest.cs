using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Changes;

/// <summary>A request to change one scope. Immutable.</summary>
public sealed record ChangeRequest
{
    /// <summary>The scope to change.</summary>
    public required ScopeId Scope { get; init; }

    /// <summary>What to do.</summary>
    public required ScopeCommand Command { get; init; }

    /// <summary>Who asks, 1 to 200 characters.</summary>
    public required string Actor { get; init; }

    /// <summary>As whom the store lets it be made; null for what the service does by itself, which nobody asked for over the network.</summary>
    public ChangeIdentity? Identity { get; init; }

    /// <summary>Why, at most 1,000 characters; null when not said.</summary>
    public string? Reason { get; init; }

    /// <summary>Only if the scope is at this revision; null does not care.</summary>
    public long? IfRevision { get; init; }

    /// <summary>Only if the record is in this epoch; null does not care.</summary>
    public int? IfEpoch { get; init; }

    /// <summary>Accepts what would break dependent modules or switch off a core module.</summary>
    public bool Force { get; init; }

    /// <summary>Names the request, at most 255 characters: sent again under this name it answers the first result and changes nothing. Null has no name.</summary>
    public string? OperationId { get; init; }

    /// <summary>Digest of everything that makes the request what it is; required with <see cref="OperationId"/>.</summary>
    public string? Fingerprint { get; init; }
}
