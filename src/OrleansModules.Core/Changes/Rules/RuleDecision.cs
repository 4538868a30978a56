using System.Collections.Immutable;
using OrleansModules.Core.Faults;

namespace OrleansModules.Core.Changes.Rules;

/// <summary>What the rules say to a request.</summary>
public abstract record RuleDecision
{
    private RuleDecision()
    {
    }

    /// <summary>Append this change.</summary>
    public sealed record Append(ChangeRecord Change) : RuleDecision;

    /// <summary>Everything is as the request wants it.</summary>
    public sealed record Nothing : RuleDecision;

    /// <summary>The request breaks rules.</summary>
    /// <param name="Faults">All of them, the most telling first; never empty.</param>
    public sealed record Refuse(ImmutableArray<Fault> Faults) : RuleDecision;
}
