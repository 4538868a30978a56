namespace OrleansModules.Storage.Journal;

/// <summary>Ways in which an append ends without a failure.</summary>
internal enum AppendOutcomeKind
{
    /// <summary>The change is durable.</summary>
    Committed,

    /// <summary>Its operation id was used before.</summary>
    Repeated,

    /// <summary>The scope is at another revision.</summary>
    Conflict,
}
