namespace OrleansModules.Api.Access;

/// <summary>Picks the refusals that are written down where there may be thousands a second: of each client the first in a while, with the number of those since.</summary>
/// <remarks>Safe for concurrent use. Bounded: a client that was not refused lately is forgotten, and begins anew.</remarks>
/// <param name="length">For how long a client's further refusals are only counted.</param>
/// <param name="time">The clock.</param>
internal sealed class RefusalWindows(TimeSpan length, TimeProvider time)
{
    private readonly RecentNames<Window> _windows = new();

    /// <summary>Counts a refusal.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="repeats">Where it is the first of a window: how many were only counted since the first of the one before.</param>
    /// <returns>Whether it is the first of a window.</returns>
    public bool IsFirst(string client, out long repeats)
    {
        var window = _windows.Find(client) ?? _windows.Add(client, new Window());
        lock (window)
        {
            if (window.BeganAt is { } beganAt && time.GetElapsedTime(beganAt) < length)
            {
                window.Counted++;
                repeats = 0;
                return false;
            }

            (repeats, window.Counted, window.BeganAt) = (window.Counted, 0, time.GetTimestamp());
            return true;
        }
    }

    private sealed class Window
    {
        public long? BeganAt { get; set; }

        public long Counted { get; set; }
    }
}
