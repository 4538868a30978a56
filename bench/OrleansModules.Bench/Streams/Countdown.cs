using System.Diagnostics;

namespace OrleansModules.Bench.Streams;

/// <summary>Notes the moment at which an expected number of events has come.</summary>
internal sealed class Countdown
{
    private TaskCompletionSource<long> _done = new();
    private int _left;

    /// <summary>Starts to count. All that was expected before must have come.</summary>
    /// <returns>The timestamp of the last event.</returns>
    public Task<long> Expect(int events)
    {
        if (Volatile.Read(ref _left) < 0)
        {
            throw new BenchException($"{-_left} events came that nobody expected.");
        }

        _done = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Add(ref _left, events);
        return _done.Task;
    }

    /// <summary>Counts events.</summary>
    public void Signal(int events)
    {
        if (events > 0 && Interlocked.Add(ref _left, -events) == 0)
        {
            _done.TrySetResult(Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Ends the wait with an error.</summary>
    public void Fail(string why) => _done.TrySetException(new BenchException(why));
}
