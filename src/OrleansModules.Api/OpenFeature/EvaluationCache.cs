using System.Runtime.CompilerServices;
using OrleansModules.Core.Cascade;

namespace OrleansModules.Api.OpenFeature;

/// <summary>Keeps evaluations that were asked for singly: working one out means merging and parsing JSON.</summary>
/// <remarks>
/// A fixed table in which a newer evaluation takes the place of an older one, so it cannot grow; a miss costs time, never correctness.
/// Effective modules are immutable, so an evaluation of one never goes stale. Safe for concurrent use.
/// </remarks>
internal sealed class EvaluationCache
{
    private const int LargestKept = 4096;

    private readonly Entry?[] _entries = new Entry?[1 << 12];

    /// <summary>The start of the evaluation of a key; null where the module has no such value.</summary>
    public byte[]? Get(EffectiveModule module, string text, in FlagKey key)
    {
        ref var slot = ref _entries[(uint)HashCode.Combine(RuntimeHelpers.GetHashCode(module), text.GetHashCode(StringComparison.Ordinal)) % (uint)_entries.Length];
        if (Volatile.Read(ref slot) is { } known && ReferenceEquals(known.Module, module) && known.Key.Equals(text, StringComparison.Ordinal))
        {
            return known.Start;
        }

        var start = FlagJson.WriteStart(module, key);
        if (start is { Length: <= LargestKept })
        {
            Volatile.Write(ref slot, new Entry(module, text, start));
        }

        return start;
    }

    private sealed record Entry(EffectiveModule Module, string Key, byte[] Start);
}
