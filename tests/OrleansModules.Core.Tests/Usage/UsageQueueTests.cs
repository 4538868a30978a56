using OrleansModules.Core.Json;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Usage;

namespace OrleansModules.Core.Tests.Usage;

public sealed class UsageQueueTests
{
    private sealed class Store : IUsageStore
    {
        public List<int> Batches { get; } = [];

        public StoreException? Failure { get; set; }

        public TaskCompletionSource<int> Wrote { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask WriteAsync(IReadOnlyCollection<UsageEvent> events, CancellationToken cancellationToken)
        {
            if (Failure is { } failure)
            {
                throw failure;
            }

            Batches.Add(events.Count);
            Wrote.TrySetResult(events.Count);
            return ValueTask.CompletedTask;
        }

        public ValueTask<long> RollUpAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<DailyUsage>> DailyAsync(UsageQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private static readonly DateTime At = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly Store _store = new();

    private static UsageEvent[] Events(int count) => [.. Enumerable.Range(0, count).Select(i => new UsageEvent("kb", "acme", null, null, "use", i, At, JsonObjectValue.Empty))];

    [Fact]
    [Requirement("K1")]
    public async Task Events_are_written_in_bulk()
    {
        var queue = new UsageQueue(_store, new FakeTimeProvider(), 10_000);
        Assert.Equal(2500, queue.Add(Events(2500)));
        using var stop = new CancellationTokenSource();
        var running = queue.RunAsync(_ => { }, () => { }, stop.Token);
        await _store.Wrote.Task;
        await stop.CancelAsync();
        await running;
        Assert.Equal([1000, 1000, 500], _store.Batches);
        Assert.Equal((2500L, 0L, 0L), (queue.Written, queue.Dropped, queue.Waiting));
    }

    [Fact]
    [Requirement("K1")]
    public async Task What_does_not_fit_while_the_store_is_away_is_dropped_and_counted()
    {
        var queue = new UsageQueue(_store, new FakeTimeProvider(), capacity: 10);
        _store.Failure = new StoreException(StoreFailure.Unavailable, "away");
        Assert.Equal(10, queue.Add(Events(25)));
        Assert.Equal((15L, 10L), (queue.Dropped, queue.Waiting));

        // Still away when the process ends: what waited is lost, and said to be.
        var failures = 0;
        await queue.RunAsync(_ => failures++, () => { }, new CancellationToken(canceled: true));
        Assert.Equal(1, failures);
        Assert.Equal((25L, 0L), (queue.Dropped, queue.Written));
    }

    [Fact]
    public async Task Events_that_wait_are_written_when_the_process_ends()
    {
        var queue = new UsageQueue(_store, new FakeTimeProvider(), 10_000);
        queue.Add(Events(3));
        await queue.RunAsync(_ => { }, () => { }, new CancellationToken(canceled: true));
        Assert.Equal([3], _store.Batches);
        Assert.Equal(0, queue.Dropped);
    }

    [Fact]
    public async Task Flush_waits_for_what_was_taken_before_and_not_while_the_store_fails()
    {
        var queue = new UsageQueue(_store, new FakeTimeProvider(), 10_000);
        Assert.True(await queue.FlushAsync(TimeSpan.FromMinutes(1), default));
        queue.Add(Events(3));
        var flush = queue.FlushAsync(TimeSpan.FromMinutes(1), default).AsTask();
        Assert.False(flush.IsCompleted);
        using var stop = new CancellationTokenSource();
        var (failed, running) = (new TaskCompletionSource(), Task.CompletedTask);
        running = queue.RunAsync(_ => failed.TrySetResult(), () => { }, stop.Token);
        Assert.True(await flush);
        Assert.Equal(3, queue.Written);

        _store.Failure = new StoreException(StoreFailure.Unavailable, "away");
        queue.Add(Events(1));
        await failed.Task;
        Assert.False(await queue.FlushAsync(TimeSpan.FromMinutes(1), default));
        await stop.CancelAsync();
        await running;
        Assert.Equal((1L, 0L), (queue.Dropped, queue.Waiting));
    }

    [Fact]
    public async Task Batch_that_the_store_never_takes_is_dropped_and_the_next_is_written()
    {
        var queue = new UsageQueue(_store, new FakeTimeProvider(), 10_000);
        _store.Failure = new StoreException(StoreFailure.Corrupt, "never");
        queue.Add(Events(2));
        using var stop = new CancellationTokenSource();
        var told = 0;
        var running = queue.RunAsync(_ => told++, () => { }, stop.Token);
        Assert.True(await queue.FlushAsync(TimeSpan.FromMinutes(1), default));
        _store.Failure = null;
        queue.Add(Events(3));
        Assert.True(await queue.FlushAsync(TimeSpan.FromMinutes(1), default));
        Assert.Equal((2L, 3L, 1), (queue.Dropped, queue.Written, told));
        await stop.CancelAsync();
        await running;
    }
}
