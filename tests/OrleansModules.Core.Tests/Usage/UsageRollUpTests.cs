using OrleansModules.Core.Stores;
using OrleansModules.Core.Usage;

namespace OrleansModules.Core.Tests.Usage;

/// <summary>Which days are summed up, and when.</summary>
public sealed class UsageRollUpTests
{
    private static readonly DateOnly Today = new(2030, 1, 1); // where the tests' clock stands

    private readonly List<DateOnly> _days = [];

    [Fact]
    [Requirement("K1", "daily roll-up")]
    public async Task Start_sums_up_every_day_that_events_may_be_reported_for()
    {
        using var stop = new CancellationTokenSource();
        await RollUp(() => stop.Cancel()).RunAsync(_ => { }, stop.Token);
        Assert.Equal(Enumerable.Range(-2, 3).Select(Today.AddDays), _days);
    }

    [Fact]
    public async Task Failure_of_the_store_is_told_and_ends_nothing()
    {
        using var stop = new CancellationTokenSource();
        StoreException? told = null;
        var rollUp = RollUp(() => throw new StoreException(StoreFailure.Unavailable, "away"));
        await rollUp.RunAsync(
            e =>
            {
                told = e;
                stop.Cancel();
            },
            stop.Token);
        Assert.Equal("away", told?.Message);
    }

    [Fact]
    [Requirement("K1")]
    public async Task Asking_sums_up_the_days_asked_for()
    {
        Assert.Equal(3, await RollUp(() => { }).RollUpAsync(Today.AddDays(-1), Today.AddDays(1), default));
        Assert.Equal([Today.AddDays(-1), Today, Today.AddDays(1)], _days);
    }

    private UsageRollUp RollUp(Action atToday)
    {
        var store = new Store(_days, atToday);
        var time = new FakeTimeProvider();
        return new UsageRollUp(store, new UsageQueue(store, time, 10), time, new UsageOptions { MaxAge = TimeSpan.FromDays(2) });
    }

    private sealed class Store(List<DateOnly> days, Action atToday) : IUsageStore
    {
        public ValueTask<long> RollUpAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
        {
            Assert.Equal(from, to);
            days.Add(from);
            if (from == Today)
            {
                atToday();
            }

            return ValueTask.FromResult(1L);
        }

        public ValueTask WriteAsync(IReadOnlyCollection<UsageEvent> events, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<IReadOnlyList<DailyUsage>> DailyAsync(UsageQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
