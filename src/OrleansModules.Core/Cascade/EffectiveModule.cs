using OrleansModules.Core.Bodies;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;

namespace OrleansModules.Core.Cascade;

/// <summary>The resolved answer for one module in one scope.</summary>
/// <remarks>
/// Immutable but for its JSON, which is made once on first use and may be dropped again by <see cref="BodyCache"/>. The same object
/// serves every scope for which the answer is the same. Kept small: merged values are worked out when asked for.
/// </remarks>
public sealed class EffectiveModule
{
    private byte[]? _utf8;

    internal EffectiveModule(ModuleDefinition definition, ModuleOverride? org, ModuleOverride? workspace, UnavailableReason[] reasons)
    {
        Definition = definition;
        Org = org;
        Workspace = workspace;
        ReasonArray = reasons;
    }

    /// <summary>What the system says.</summary>
    public ModuleDefinition Definition { get; }

    /// <summary>What the organization says; null when nothing.</summary>
    public ModuleOverride? Org { get; }

    /// <summary>What the workspace says; null when nothing.</summary>
    public ModuleOverride? Workspace { get; }

    /// <summary>The module's name.</summary>
    public string Name => Definition.Name;

    /// <summary>Law L1: no scope has it off. Every scope that does is among the reasons.</summary>
    public bool IsEnabled => Array.TrueForAll(ReasonArray, static r => r.Scope is null);

    /// <summary>Law L6: no reason speaks against it.</summary>
    public bool IsAvailable => ReasonArray.Length == 0;

    /// <summary>Why it is not available, all of it, in order; empty when it is.</summary>
    public IReadOnlyList<UnavailableReason> Reasons => ReasonArray;

    /// <summary>The reasons as the resolver needs them.</summary>
    internal UnavailableReason[] ReasonArray { get; }

    /// <summary>Law L4. Merged anew at every call.</summary>
    public JsonObjectValue Config => Definition.ConfigMerge == ConfigMerge.Deep
        ? Merge(JsonMerge.Deep, Definition.Config, Org?.Config, Workspace?.Config)
        : Merge(JsonMerge.Shallow, Definition.Config, Org?.Config, Workspace?.Config);

    /// <summary>Law L5. Merged anew at every call.</summary>
    public JsonObjectValue FeatureFlags => Merge(JsonMerge.Shallow, Definition.FeatureFlags, Org?.FeatureFlags, Workspace?.FeatureFlags);

    /// <summary>The module as compact JSON. Made once.</summary>
    /// <param name="cache">Where a body made now is accounted for.</param>
    public byte[] Utf8(BodyCache cache)
    {
        if (_utf8 is { } made)
        {
            return made;
        }

        var body = EffectiveJson.ToUtf8(this);
        if (Interlocked.CompareExchange(ref _utf8, body, null) is { } first)
        {
            return first;
        }

        cache.Add(new ModuleBody(this, body.Length));
        return body;
    }

    /// <summary>Whether an answer made from other inputs says the same.</summary>
    internal bool Equals(ModuleDefinition definition, ModuleOverride? org, ModuleOverride? workspace, UnavailableReason[] reasons) =>
        ReferenceEquals(Definition, definition) && ReferenceEquals(Org, org) && ReferenceEquals(Workspace, workspace)
        && ReasonArray.AsSpan().SequenceEqual(reasons);

    private static JsonObjectValue Merge(Func<JsonObjectValue, JsonObjectValue, JsonObjectValue> merge, JsonObjectValue top, JsonObjectValue? org, JsonObjectValue? workspace)
    {
        var merged = org is null ? top : merge(top, org);
        return workspace is null ? merged : merge(merged, workspace);
    }

    private sealed class ModuleBody(EffectiveModule module, int length) : IEvictableBody
    {
        public long Bytes => length;

        // Small and cheap to make again: no use is recorded, the oldest goes first.
        public bool WasUsed() => false;

        public void Drop() => Volatile.Write(ref module._utf8, null);
    }
}
