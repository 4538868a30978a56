using System.Runtime.CompilerServices;

namespace OrleansModules.Api.Access;

/// <summary>Token buckets by name: each holds some permits and gets one back in a steady rhythm.</summary>
/// <remarks>
/// Safe for concurrent use, without locks and without timers: a bucket is one number, the time at which it would be full again. Bounded:
/// names that were not asked for lately are forgotten, which fills their buckets.
/// </remarks>
/// <param name="perSecond">Permits that come back in a second; above 0.</param>
/// <param name="burst">Permits in a full bucket; at least 1.</param>
/// <param name="time">The clock.</param>
internal sealed class Buckets(double perSecond, int burst, TimeProvider time)
{
    private readonly long _cost = Math.Max(1, (long)(time.TimestampFrequency / perSecond));
    private readonly RecentNames<StrongBox<long>> _buckets = new();

    /// <summary>Takes a permit.</summary>
    /// <param name="name">Whose bucket.</param>
    /// <param name="seconds">Where there is none: after how many seconds there will be one, at least 1.</param>
    public bool TryTake(string name, out int seconds)
    {
        var bucket = _buckets.Find(name) ?? _buckets.Add(name, new StrongBox<long>(long.MinValue));
        while (true)
        {
            var full = Volatile.Read(ref bucket.Value);
            var next = Next(full, out seconds);
            if (seconds > 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref bucket.Value, next, full) == full)
            {
                return true;
            }
        }
    }

    /// <summary>Whether a bucket has no permit. Takes none.</summary>
    /// <param name="name">Whose bucket.</param>
    /// <param name="seconds">After how many seconds there will be one; 0 where there is one.</param>
    public bool IsEmpty(string name, out int seconds)
    {
        seconds = 0;
        if (_buckets.Find(name) is { } bucket)
        {
            Next(Volatile.Read(ref bucket.Value), out seconds);
        }

        return seconds > 0;
    }

    private long Next(long full, out int seconds)
    {
        var now = time.GetTimestamp();
        var next = Math.Max(full, now) + _cost;
        var over = next - now - (_cost * burst);
        seconds = over <= 0 ? 0 : (int)Math.Min(3600, 1 + (over / time.TimestampFrequency));
        return next;
    }
}
