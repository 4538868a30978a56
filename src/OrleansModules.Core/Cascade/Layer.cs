namespace OrleansModules.Core.Cascade;

/// <summary>All that one scope says, at one revision. Immutable; a change makes a new layer.</summary>
public abstract class Layer(long revision)
{
    /// <summary>The scope's own counter: +1 per accepted change, never reused; 0 before the first.</summary>
    public long Revision { get; } = revision;

    /// <summary>Whether the scope was deleted; what is left keeps its revision from being used again.</summary>
    public abstract bool IsDeleted { get; }
}
