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

    /// <summary>Forgets the failures before.</summary>
    public void Reset() => _failures = 0;

    /// <summary>The wait after one more failure.</summary>
    /// <param name="asked">The least that the service asks for; null where it does not.</param>
    public TimeSpan AfterFailure(TimeSpan? asked)
    {
        var doubled = min * Math.Pow(2, Math.Min(_failures++, 30));
        var wait = Jittered(doubled < max ? doubled : max);
        return asked is { } least ? (least < MaxAsked ? least : MaxAsked) + (wait * 0.2) : wait;
    }

    /// <summary>The wait after a stream that did its work ended.</summary>
    /// <param name="hint">The wait that the stream's <c>retry</c> asks for.</param>
    public TimeSpan AfterStream(TimeSpan? hint)
    {
        var wait = hint ?? min;
        return Jittered(wait < max ? wait : max);
    }

    private TimeSpan Jittered(TimeSpan wait) => (wait / 2) + (wait / 2 * chance());
}
