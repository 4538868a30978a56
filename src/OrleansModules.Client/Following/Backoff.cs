namespace OrleansModules.Client.Following;

/// <summary>How long to wait before the next attempt: doubling, bounded, half of it chance, so that clients do not come back together.</summary>
/// <param name="min">The wait after the first failure.</param>
/// <param name="max">The longest wait, unless the service asks for more.</param>
/// <param name="chance">A number from 0 to below 1.</param>
internal sealed class Backoff(TimeSpan min, TimeSpan max, Func<double> chance)
{
    /// <summary>The longest wait that the service can ask for.</summary>
    public static readonly TimeSpan MaxAsked = TimeSpan.FromMinutes(5);

    private int _failures;
    private int _shortStreams;

    /// <summary>Forgets the failures before.</summary>
    public void Reset() => _failures = 0;

    /// <summary>The wait after one more failure.</summary>
    /// <param name="asked">The least that the service asks for; null where it does not.</param>
    public TimeSpan AfterFailure(TimeSpan? asked)
    {
        var wait = Jittered(Doubled(_failures++));
        return asked is { } least ? (least < MaxAsked ? least : MaxAsked) + (wait * 0.2) : wait;
    }

    /// <summary>The wait after a stream that did its work ended.</summary>
    /// <param name="hint">The wait that the stream's <c>retry</c> asks for; null where it does not.</param>
    /// <param name="lasted">How long the stream was there. Streams that end sooner than one waits for the next make that wait double.</param>
    public TimeSpan AfterStream(TimeSpan? hint, TimeSpan lasted)
    {
        if (lasted >= Doubled(_shortStreams))
        {
            _shortStreams = 0;
        }

        var least = Doubled(_shortStreams++);
        return Jittered(hint > max ? max : hint > least ? hint.Value : least);
    }

    private TimeSpan Doubled(int times)
    {
        var doubled = min * Math.Pow(2, Math.Min(times, 30));
        return doubled < max ? doubled : max;
    }

    private TimeSpan Jittered(TimeSpan wait) => (wait / 2) + (wait / 2 * chance());
}
