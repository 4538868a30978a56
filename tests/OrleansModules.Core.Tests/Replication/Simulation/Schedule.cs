namespace OrleansModules.Core.Tests.Replication.Simulation;

/// <summary>A clock that jumps from event to event. The same seed runs the same events in the same order.</summary>
internal sealed class Schedule(int seed)
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private long _order;

    /// <summary>Where all chance comes from.</summary>
    public Random Random { get; } = new(seed);

    /// <summary>Now, in microseconds since the start.</summary>
    public long Now { get; private set; }

    public bool Chance(double probability) => Random.NextDouble() < probability;

    public void After(long microseconds, Action action) => _events.Enqueue(action, (Now + microseconds, _order++));

    public void RunUntil(long end)
    {
        while (_events.TryPeek(out var action, out var key) && key.At <= end)
        {
            _events.Dequeue();
            Now = key.At;
            action();
        }

        Now = end;
    }
}
