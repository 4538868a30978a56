namespace OrleansModules.Grains.Contracts;

/// <summary>How a change ended.</summary>
[GenerateSerializer, Immutable, Alias("modules.Answer")]
public sealed record AnswerMessage
{
    /// <summary>How it ended.</summary>
    [Id(0)]
    public required AnswerKind Kind { get; init; }

    /// <summary>The change as JSON, UTF-8; null unless it was accepted.</summary>
    [Id(1)]
    public byte[]? Record { get; init; }

    /// <summary>Whether an earlier request of the same name made the change.</summary>
    [Id(2)]
    public bool IsReplay { get; init; }

    /// <summary>The version of the scope's map; null where it was accepted, or the scope does not exist.</summary>
    [Id(3)]
    public string? Version { get; init; }

    /// <summary>What is wrong, where it was refused.</summary>
    [Id(4)]
    public FaultMessage[] Faults { get; init; } = [];

    /// <summary>What kind of failure the record had, where it failed: see <see cref="Core.Stores.StoreFailure"/>, in kebab case.</summary>
    [Id(5)]
    public string? Failure { get; init; }

    /// <summary>The failure in words.</summary>
    [Id(6)]
    public string? Problem { get; init; }

    /// <summary>Whether the change may have been made all the same, where it failed.</summary>
    [Id(7)]
    public bool OutcomeUnknown { get; init; }
}

/// <summary>The ways a change can end.</summary>
[GenerateSerializer, Alias("modules.AnswerKind")]
public enum AnswerKind
{
    /// <summary>The change is durable.</summary>
    Accepted = 0,

    /// <summary>Everything was so already.</summary>
    Unchanged = 1,

    /// <summary>Against the rules.</summary>
    Refused = 2,

    /// <summary>The record is away.</summary>
    Failed = 3,
}

/// <summary>One thing that is wrong with a request, see <see cref="Core.Faults.Fault"/>.</summary>
[GenerateSerializer, Immutable, Alias("modules.Fault")]
public sealed record FaultMessage(
    [property: Id(0)] string Code,
    [property: Id(1)] string Pointer,
    [property: Id(2)] string Message,
    [property: Id(3)] string? Module,
    [property: Id(4)] string? Scope);

/// <summary>What a silo holds of a scope.</summary>
/// <param name="Version">The version of the scope's map; null where the scope does not exist.</param>
/// <param name="Revision">The revision of the scope's own layer; 0 where nothing was ever said about it.</param>
[GenerateSerializer, Immutable, Alias("modules.State")]
public sealed record StateMessage([property: Id(0)] string? Version, [property: Id(1)] long Revision);
