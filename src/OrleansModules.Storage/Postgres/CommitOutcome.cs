using OrleansModules.Core.Changes;

namespace OrleansModules.Storage.Postgres;

/// <summary>What the database says about one change.</summary>
internal abstract record CommitOutcome
{
    private CommitOutcome()
    {
    }

    /// <summary>It was made.</summary>
    public sealed record Committed(long Position) : CommitOutcome;

    /// <summary>Its operation id was used before, by this change.</summary>
    public sealed record Repeated(ChangeRecord First) : CommitOutcome;

    /// <summary>Its scope is at another revision.</summary>
    public sealed record Conflict(long Revision) : CommitOutcome;

    /// <summary>Who asked for it may not.</summary>
    public sealed record Refused : CommitOutcome;
}
