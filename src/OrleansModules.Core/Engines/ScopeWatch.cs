using System.Threading.Tasks.Sources;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Engines;

/// <summary>Tells one reader that a scope's map may have changed. Signals are conflated: any number of changes leave at most one signal.</summary>
/// <remarks>
/// For one waiting caller at a time; may be signalled from any thread. Holds no queue, so a slow reader costs nothing. A wait allocates
/// nothing: a change of the system ends and begins as many waits as there are streams.
/// </remarks>
public sealed class ScopeWatch : IDisposable, IValueTaskSource<bool>
{
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    private readonly Lock _lock = new();
    private readonly Action<ScopeWatch> _ended;
    private ManualResetValueTaskSourceCore<bool> _wait; // not readonly: a struct that changes
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _cancellationToken;
    private ITimer? _timer;
    private TimeSpan _timerEnds = TimeSpan.MaxValue;
    private TimeSpan _patienceEnds;
    private bool _isWaiting;
    private bool _isSignalled;
    private bool _isDisposed;

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

    // Since some moment in the past, and never back.
    private static TimeSpan Now => TimeSpan.FromMilliseconds(Environment.TickCount64);

    /// <summary>Waits until the map may have changed since the last wait ended. Then read it: <see cref="ScopeView"/> tells whether it did.</summary>
    /// <param name="patience">How long to wait at most, by the machine's clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the time was up. To be awaited once.</returns>
    /// <exception cref="InvalidOperationException">A wait is under way.</exception>
    /// <exception cref="ObjectDisposedException">There would be something to wait for, but nobody to signal it.</exception>
    public ValueTask<bool> WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        short wait;
        lock (_lock)
        {
            if (_isWaiting)
            {
                throw new InvalidOperationException("A watch has one waiting caller at a time.");
            }

            // Taken under the lock that signals take: what was changed before this signal is seen by the read that follows.
            if (_isSignalled || patience <= TimeSpan.Zero)
            {
                var isSignalled = _isSignalled;
                _isSignalled = false;
                return ValueTask.FromResult(isSignalled);
            }

            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _wait.Reset();
            _wait.RunContinuationsAsynchronously = false;
            wait = _wait.Version;
            _isWaiting = true;
            _cancellationToken = cancellationToken;
            Arm(patience);
        }

        // Not under the lock: a token that is cancelled already calls back at once. It is let go when the result is taken.
        _cancellation = cancellationToken.UnsafeRegister(static watch => ((ScopeWatch)watch!).Cancel(), this);
        return new ValueTask<bool>(this, wait);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }

        _ended(this);
    }

    /// <summary>Notes a signal, or takes the wait that is under way out of all other hands.</summary>
    /// <returns>Whether there is a wait, which <see cref="Wake"/> is to end.</returns>
    internal bool Signal()
    {
        lock (_lock)
        {
            _isSignalled = !_isWaiting;
            return TryTakeWait();
        }
    }

    /// <summary>Ends the wait that <see cref="Signal"/> took. Whoever waited goes on right here.</summary>
    internal void Wake() => _wait.SetResult(true);

    /// <inheritdoc/>
    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _cancellation.Dispose(); // waits for one that is calling back: none is left over for the next wait
        return _wait.GetResult(token);
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    // The timer of an earlier wait is left to run where it ends before this one's time is up, and set again then: most waits end by a signal.
    private void Arm(TimeSpan patience)
    {
        patience = TimeSpan.FromMilliseconds(Math.Ceiling(patience.TotalMilliseconds)); // as timers count
        _patienceEnds = Now + patience;
        if (_patienceEnds >= _timerEnds)
        {
            return;
        }

        _timerEnds = _patienceEnds;
        if (_timer is null)
        {
            _timer = TimeProvider.System.CreateTimer(static watch => ((ScopeWatch)watch!).Tick(), this, patience, Never);
        }
        else
        {
            _timer.Change(patience, Never);
        }
    }

    private void Tick()
    {
        lock (_lock)
        {
            _timerEnds = TimeSpan.MaxValue;
            if (!_isWaiting || _isDisposed)
            {
                return;
            }

            var left = _patienceEnds - Now;
            if (left > TimeSpan.Zero)
            {
                Arm(left);
                return;
            }

            _isWaiting = false;
        }

        _wait.SetResult(false);
    }

    private void Cancel()
    {
        lock (_lock)
        {
            if (!TryTakeWait())
            {
                return;
            }

            _wait.RunContinuationsAsynchronously = true; // whoever cancels has something else to do
        }

        _wait.SetException(new OperationCanceledException(_cancellationToken));
    }

    private bool TryTakeWait()
    {
        var isTaken = _isWaiting;
        _isWaiting = false;
        return isTaken;
    }
}
