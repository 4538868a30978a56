using System.Collections.Concurrent;
using OrleansModules.Core.Scopes;
using OrleansModules.Grains.Contracts;

namespace OrleansModules.Grains;

/// <summary>Makes the grain of a scope active when the scope is read, where that is wanted. No read waits for it, and none fails with it.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class ReadActivation(IGrainFactory grains, TimeProvider time, bool isOn)
{
    private const int MaxKnown = 100_000;

    // Shorter than the time after which a grain that nobody calls goes.
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ScopeId, long> _called = new();

    /// <summary>Takes note that a scope was read.</summary>
    public void WasRead(ScopeId scope)
    {
        if (isOn && scope.Kind != ScopeKind.System && IsDue(scope))
        {
            // The outcome is nobody's business: the next read after a while calls again.
            GrainOf(grains, scope).Read().AsTask().Ignore();
        }
    }

    /// <summary>The grain of a scope.</summary>
    public static IScopeGrain GrainOf(IGrainFactory grains, ScopeId scope) => scope.Kind switch
    {
        ScopeKind.System => grains.GetGrain<ISystemGrain>(scope.ToString()),
        ScopeKind.Org => grains.GetGrain<IOrgGrain>(scope.ToString()),
        _ => grains.GetGrain<IWorkspaceGrain>(scope.ToString()),
    };

    private bool IsDue(ScopeId scope)
    {
        var now = time.GetTimestamp();
        if (_called.TryGetValue(scope, out var last))
        {
            return time.GetElapsedTime(last, now) > Again && _called.TryUpdate(scope, now, last);
        }

        if (_called.Count >= MaxKnown)
        {
            _called.Clear();
        }

        return _called.TryAdd(scope, now);
    }
}
