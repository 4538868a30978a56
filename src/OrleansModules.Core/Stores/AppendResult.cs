using OrleansModules.Core.Changes;

namespace OrleansModules.Core.Stores;

/// <summary>How an append ended. Nothing was changed unless it was committed.</summary>
public abstract record AppendResult
{
    private AppendResult()
    {
    }

    /// <summary>The change is durable.</summary>
    /// <param name="Record">The change with its position.</param>
    public sealed record Committed(ChangeRecord Record) : AppendResult;

    /// <summary>The operation id was used before.</summary>
    /// <param name="First">The change it named then.</param>
    public sealed record Repeated(ChangeRecord First) : AppendResult;

    /// <summary>The scope is not at the revision the change was decided on.</summary>
    /// <param name="CurrentRevision">The revision it is at.</param>
    public sealed record Conflict(long CurrentRevision) : AppendResult;

    /// <summary>Who asked for the change may not make it.</summary>
    public sealed record Refused : AppendResult;
}
