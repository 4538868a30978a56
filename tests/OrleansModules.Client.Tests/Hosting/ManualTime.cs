namespace OrleansModules.Client.Tests.Hosting;

/// <summary>A clock that tests move, with timers that fire when it passes them.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _changing = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan Due, TaskCompletionSource Armed)> _awaited = [];
    private long _ticks = TimeSpan.FromDays(1).Ticks;
    private DateTimeOffset _wall = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_changing)
        {
            return _wall;
        }
    }

    public override long GetTimestamp()
    {
        lock (_changing)
        {
            return _ticks;
        }
    }

    /// <summary>Moves both clocks and fires what is due.</summary>
    public void Advance(TimeSpan by)
    {
        ManualTimer[] due;
        lock (_changing)
        {
            _ticks += by.Ticks;
            _wall += by;
            due = [.. _timers.Where(t => t.DueAt <= _ticks).OrderBy(t => t.DueAt)];
            foreach (var timer in due)
            {
                timer.DueAt = long.MaxValue;
            }
        }

        foreach (var timer in due)
        {
            timer.Fire();
        }
    }

    /// <summary>Moves the wall clock alone, as an administrator or NTP does.</summary>
    public void JumpWall(TimeSpan by)
    {
        lock (_changing)
        {
            _wall += by;
        }
    }

    /// <summary>Ends when a timer waits for just this long from now on.</summary>
    public Task ArmedAsync(TimeSpan due)
    {
        var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_changing)
        {
            if (_timers.Exists(t => t.Due == due && t.DueAt == _ticks + due.Ticks))
            {
                armed.SetResult();
            }
            else
            {
                _awaited.Add((due, armed));
            }
        }

        return armed.Task.Soon($"a timer of {due}");
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public long DueAt { get; set; } = long.MaxValue;

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._changing)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    return true;
                }

                (Due, DueAt) = (dueTime, time._ticks + dueTime.Ticks);
                time._timers.Add(this);
                foreach (var (_, armed) in time._awaited.Where(a => a.Due == dueTime))
                {
                    armed.TrySetResult();
                }

                time._awaited.RemoveAll(a => a.Due == dueTime);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._changing)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
