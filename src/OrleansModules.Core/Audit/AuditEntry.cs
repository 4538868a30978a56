using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Audit;

/// <summary>One thing that somebody did or was refused. Immutable. Holds no secret and no token.</summary>
public sealed record AuditEntry
{
    /// <summary>Place in the trail: from 1, growing. 0 until the log assigned it.</summary>
    public long Position { get; init; }

    /// <summary>When, UTC, in whole milliseconds.</summary>
    public required DateTime At { get; init; }

    /// <summary>Who: a person, <c>token:{id}</c>, <c>bootstrap</c>, or <c>anonymous</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>For whom, as a machine said; null where it said nothing.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>The address the request came from; null where it is not known.</summary>
    public string? From { get; init; }

    /// <summary>What, in kebab case: an action of the table in <c>docs/access.md</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Where. A refused request may name a scope that does not exist.</summary>
    public required ScopeId Scope { get; init; }

    /// <summary>The organization of a workspace; null otherwise, and where the workspace does not exist.</summary>
    public string? OrgId { get; init; }

    /// <summary>The operation, as the OpenAPI document names it.</summary>
    public required string Operation { get; init; }

    /// <summary>The module, member or token; null where it is the scope itself.</summary>
    public string? Target { get; init; }

    /// <summary>How it ended.</summary>
    public required AuditOutcome Outcome { get; init; }

    /// <summary>The stable code of a refusal or failure; null otherwise.</summary>
    public string? Code { get; init; }

    /// <summary>Place of the change in the feed; null where there is none.</summary>
    public long? ChangePosition { get; init; }

    /// <summary>How many more requests of the client were held up since the entry before about it; null for none. Only where the outcome is <see cref="AuditOutcome.HeldUp"/>.</summary>
    public long? Repeats { get; init; }

    /// <summary>Finds the request in logs and traces.</summary>
    public required string TraceId { get; init; }

    /// <summary>Whether the entry is part of what is asked for.</summary>
    public bool Fits(AuditQuery query) =>
        (query.Scope.Kind == ScopeKind.System || Scope == query.Scope || (query.Scope.Kind == ScopeKind.Org && query.Scope.Id.Equals(OrgId, StringComparison.Ordinal)))
        && (query.Before is not { } before || Position < before)
        && (query.Subject is not { } subject || subject.Equals(Subject, StringComparison.Ordinal) || subject.Equals(OnBehalfOf, StringComparison.Ordinal))
        && (query.Action is not { } action || action.Equals(Action, StringComparison.Ordinal))
        && (query.Outcome is not { } outcome || outcome == Outcome)
        && (query.Since is not { } since || At >= since)
        && (query.Until is not { } until || At < until);
}

/// <summary>How something ended; written in kebab case.</summary>
public enum AuditOutcome
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>Everything was so already.</summary>
    Unchanged,

    /// <summary>Nobody knows who asked: no credential, or one that is not good.</summary>
    Unauthenticated,

    /// <summary>Whoever asked may not.</summary>
    Forbidden,

    /// <summary>Too many bad credentials or requests: it was not looked at.</summary>
    HeldUp,

    /// <summary>The rules refused it.</summary>
    Refused,

    /// <summary>It could not be written down, or that cannot be known.</summary>
    Failed,
}
