using OrleansModules.Core.Access;

namespace OrleansModules.Api.Access;

/// <summary>What the gate says.</summary>
/// <param name="Outcome">The answer.</param>
/// <param name="Missing">The lowest role that would do, where the answer is <see cref="AccessOutcome.Forbidden"/>.</param>
internal readonly record struct AccessDecision(AccessOutcome Outcome, ScopeRole Missing = default)
{
    /// <summary>Whether the request may go on.</summary>
    public bool IsAllowed => Outcome == AccessOutcome.Allow;
}

/// <summary>Answers of the gate.</summary>
internal enum AccessOutcome : byte
{
    /// <summary>Go on.</summary>
    Allow,

    /// <summary>Nobody is nobody: 401.</summary>
    Unauthenticated,

    /// <summary>Known, and not entitled: 403.</summary>
    Forbidden,

    /// <summary>Whether the scope exists is not the caller's business: 404.</summary>
    Hidden,
}
