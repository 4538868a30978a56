namespace OrleansModules.Client.Http;

/// <summary>Cancels when the caller does or when time is over, and knows which of the two it was.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;
    private readonly CancellationToken _caller;

    public Deadline(TimeSpan patience, TimeProvider time, CancellationToken caller)
    {
        Patience = patience;
        _caller = caller;
        _timer = new CancellationTokenSource(patience, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, caller);
    }

    /// <summary>How long it is.</summary>
    public TimeSpan Patience { get; }

    /// <summary>Cancels.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Whether time is over, and the caller did not cancel.</summary>
    public bool IsOver => _timer.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>Starts the time anew.</summary>
    public void Restart() => _timer.CancelAfter(Patience);

    /// <summary>Stops the time until <see cref="Restart"/>.</summary>
    public void Pause() => _timer.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
