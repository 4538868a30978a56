using System.Collections.Concurrent;

namespace OrleansModules.Core.Bodies;

/// <summary>Bounds the memory of all serialized bodies on a node: over the limit the ones not used lately go (CLOCK).</summary>
/// <remarks>Safe for concurrent use; readers only set a flag. The bound can be passed by what is being added at this moment.</remarks>
/// <param name="capacityBytes">At least 1 MiB in a server; any positive number here.</param>
public sealed class BodyCache(long capacityBytes)
{
    private readonly ConcurrentQueue<IEvictableBody> _clock = new();
    private long _bytes;

    /// <summary>Memory held by bodies now, in bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Accounts for a body that was just made.</summary>
    internal void Add(IEvictableBody body)
    {
        Interlocked.Add(ref _bytes, body.Bytes);
        _clock.Enqueue(body);

        // A used body gets one more round; two rounds end every sweep.
        for (var left = 2 * _clock.Count; left > 0 && Bytes > capacityBytes && _clock.TryDequeue(out var oldest); left--)
        {
            if (oldest.WasUsed())
            {
                _clock.Enqueue(oldest);
                continue;
            }

            oldest.Drop();
            Interlocked.Add(ref _bytes, -oldest.Bytes);
        }
    }
}
