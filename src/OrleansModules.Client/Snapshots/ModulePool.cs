using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace OrleansModules.Client;

/// <summary>Keeps modules that are the same to the last byte once: most scopes have most of theirs from the system.</summary>
/// <remarks>Safe for concurrent use. Holds nothing that no map holds, but for a few bytes for each until it is swept.</remarks>
internal sealed class ModulePool
{
    private const int LeastSweep = 1024;

    private readonly ConcurrentDictionary<int, WeakReference<EffectiveModule>> _modules = new();
    private volatile int _sweepAt = LeastSweep;

    /// <summary>The module that some JSON says.</summary>
    /// <exception cref="JsonException">It is no module.</exception>
    public EffectiveModule Get(JsonElement json)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(json);
        var hash = new HashCode();
        hash.AddBytes(bytes);
        var key = hash.ToHashCode();
        if (_modules.TryGetValue(key, out var kept) && kept.TryGetTarget(out var known) && bytes.SequenceEqual(JsonMarshal.GetRawUtf8Value(known.Json)))
        {
            return known;
        }

        var module = new EffectiveModule(json.Clone());
        _modules[key] = new WeakReference<EffectiveModule>(module);
        if (_modules.Count >= _sweepAt)
        {
            Sweep();
        }

        return module;
    }

    private void Sweep()
    {
        foreach (var dead in _modules.Where(m => !m.Value.TryGetTarget(out _)))
        {
            _modules.TryRemove(dead);
        }

        _sweepAt = Math.Max(LeastSweep, _modules.Count * 2);
    }
}
