using OrleansModules.Core.Cascade;

namespace OrleansModules.Storage.Journal;

/// <summary>What is known in memory of one scope. Two words, because there is one for every workspace.</summary>
/// <param name="Layer">The layer it is at; null for a scope nothing was ever said about.</param>
/// <param name="HeadAddress">Logical address of its last change.</param>
internal readonly record struct ScopeEntry(Layer? Layer, long HeadAddress)
{
    /// <summary>The scope nothing was ever said about.</summary>
    public static ScopeEntry None { get; } = new(null, RecordLine.NoAddress);

    /// <summary>The scope's revision; 0 before its first change.</summary>
    public long Revision => Layer?.Revision ?? 0;
}
