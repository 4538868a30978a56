namespace OrleansModules.Core.Stores;

/// <summary>The record could not be read or written, through no fault of the caller.</summary>
/// <remarks>
/// <see cref="StoreFailure.Unavailable"/>: try again later. <see cref="StoreFailure.Full"/>: an operator has to make room; reads
/// go on. <see cref="StoreFailure.Corrupt"/>: what is stored cannot be trusted, an operator has to decide.
/// <see cref="StoreFailure.InUse"/>: another process has it.
/// </remarks>
public sealed class StoreException(StoreFailure failure, string message, Exception? inner = null, bool outcomeUnknown = false) : Exception(message, inner)
{
    /// <summary>What kind of failure it is.</summary>
    public StoreFailure Failure { get; } = failure;

    /// <summary>Whether the change that was being written may have become durable all the same.</summary>
    public bool OutcomeUnknown { get; } = outcomeUnknown;
}

/// <summary>Kinds of failure of a store.</summary>
public enum StoreFailure
{
    /// <summary>Away for now.</summary>
    Unavailable,

    /// <summary>No room left.</summary>
    Full,

    /// <summary>What is stored is damaged.</summary>
    Corrupt,

    /// <summary>Another process has it open.</summary>
    InUse,

    /// <summary>It cannot be opened as configured.</summary>
    Misconfigured,
}
