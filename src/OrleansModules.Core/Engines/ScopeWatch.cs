using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Engines;

/// <summary>Tells one reader that a scope's map may have changed. Signals are conflated: any number of changes leave at most one signal.</summary>
/// <remarks>For one waiting caller at a time; may be signalled from any thread. Holds no queue, so a slow reader costs nothing.</remarks>
public sealed class ScopeWatch : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly Action<ScopeWatch> _ended;
    private int _signalled;

    internal ScopeWatch(ScopeId scope, string? orgId, Action<ScopeWatch> ended)
    {
        Scope = scope;
        OrgId = orgId;
        _ended = ended;
    }

    /// <summary>The scope that is watched.</summary>
    public ScopeId Scope { get; }

    /// <summary>The organization of a watched workspace; null otherwise.</summary>
    public string? OrgId { get; }

    /// <summary>Waits until the map may have changed since the last wait ended. Then read it: <see cref="ScopeView"/> tells whether it did.</summary>
    /// <param name="patience">How long to wait at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the time was up.</returns>
    public async ValueTask<bool> WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!await _signal.WaitAsync(patience, cancellationToken))
        {
            return false;
        }

        // A full fence: the caller's read of the map must not move before this, or a change signalled in between could be missed for good.
        Interlocked.Exchange(ref _signalled, 0);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _ended(this);

    internal void Signal()
    {
        if (Interlocked.Exchange(ref _signalled, 1) == 0)
        {
            _signal.Release();
        }
    }
}
