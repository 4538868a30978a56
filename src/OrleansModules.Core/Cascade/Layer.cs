using OrleansModules.Core.Access;
using OrleansModules.Core.Json;

namespace OrleansModules.Core.Cascade;

/// <summary>All that one scope says, at one revision. Immutable; a change makes a new layer.</summary>
public abstract class Layer(long revision)
{
    /// <summary>The scope's own counter: +1 per accepted change, never reused; 0 before the first.</summary>
    public long Revision { get; } = revision;

    /// <summary>Whether the scope was deleted; what is left keeps its revision from being used again.</summary>
    public abstract bool IsDeleted { get; }

    /// <summary>What the scope says besides modules.</summary>
    public virtual LayerExtras Extras => LayerExtras.None;

    /// <summary>The scope's members and tokens.</summary>
    public ScopeAccess Access => Extras.Access;

    /// <summary>The scope's own settings for shells; they cascade by top-level key.</summary>
    public JsonObjectValue Settings => Extras.Settings;
}

/// <summary>What a scope says besides modules; most scopes say nothing here. Immutable.</summary>
/// <param name="Access">Members and tokens.</param>
/// <param name="Settings">Settings for shells.</param>
public sealed record LayerExtras(ScopeAccess Access, JsonObjectValue Settings)
{
    /// <summary>Nothing.</summary>
    public static LayerExtras None { get; } = new(ScopeAccess.Empty, JsonObjectValue.Empty);

    /// <summary>Whether nothing is said.</summary>
    public bool IsNone => Access.IsEmpty && Settings.IsEmpty;
}
