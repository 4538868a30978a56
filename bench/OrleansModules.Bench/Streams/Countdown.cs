using System.Diagnostics;

namespace OrleansModules.Bench.Streams;

/// <summary>Notes the moments at which an expected number of events come. Safe for concurrent use, but for <see cref="Expect"/>.</summary>
internal sealed class Countdown
{
    private TaskCompletionSource<long[]> _done = new();
    private long[] _moments = [];
    private int _noted;
    private int _left;

    /// <summary>Starts to count. All that was expected before must have come.</summary>
    /// <returns>The timestamps of the events, when all have come.</returns>
    public Task<long[]> Expect(int events)
    {
        if (Volatile.Read(ref _left) < 0)
        {
            throw new BenchException($"{-_left} events came that nobody expected.");
        }

        _done = new TaskCompletionSource<long[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        (_moments, _noted) = (new long[events], 0);
        Interlocked.Add(ref _left, events);
        return _done.Task;
    }

    /// <summary>Counts events.</summary>
    public void Signal(int events)
    {
        if (events == 0)
        {
            return;
        }

        // Noted first, so that whoever counts the last event finds all of them.
        var (moments, now, end) = (_moments, Stopwatch.GetTimestamp(), Interlocked.Add(ref _noted, events));
        for (var i = end - events; i < end && i < moments.Length; i++)
        {
            moments[i] = now;
        }

        if (Interlocked.Add(ref _left, -events) == 0)
        {
            _done.TrySetResult(moments);
        }
    }

    /// <summary>Ends the wait with an error.</summary>
    public void Fail(string why) => _done.TrySetException(new BenchException(why));
}
