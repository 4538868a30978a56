using System.Collections.Immutable;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Changes;

/// <summary>How a request to change a scope ended.</summary>
public abstract record ChangeAnswer
{
    private ChangeAnswer()
    {
    }

    /// <summary>The change is durable and visible on this node.</summary>
    /// <param name="Record">The change.</param>
    /// <param name="IsReplay">Whether it was made by an earlier request of the same operation id.</param>
    public sealed record Accepted(ChangeRecord Record, bool IsReplay) : ChangeAnswer;

    /// <summary>Everything is as the request wants it already; no revision was spent.</summary>
    /// <param name="Version">The version of the scope's map now.</param>
    public sealed record Unchanged(MapVersion Version) : ChangeAnswer;

    /// <summary>The request is refused and nothing changed.</summary>
    /// <param name="Faults">Everything that is wrong, the most telling first; never empty.</param>
    /// <param name="CurrentVersion">The version of the scope's map now; null where the scope does not exist.</param>
    public sealed record Refused(ImmutableArray<Fault> Faults, MapVersion? CurrentVersion) : ChangeAnswer;
}
