using OrleansModules.Core.Json;
using OrleansModules.Core.Usage;
using OrleansModules.Testing;
using Xunit;

namespace OrleansModules.Storage.Conformance;

/// <summary>What every usage store promises. Inherit it, and say how the store is opened.</summary>
public abstract class UsageStoreConformance : IAsyncLifetime
{
    private static readonly DateOnly Monday = new(2030, 1, 7);

    private IUsageStore? _store;

    /// <summary>Opens an empty store.</summary>
    protected abstract Task<IUsageStore> OpenStoreAsync();

    /// <summary>Closes and removes it.</summary>
    protected abstract Task RemoveStoreAsync();

    /// <inheritdoc/>
    public async Task InitializeAsync() => _store = await OpenStoreAsync();

    /// <inheritdoc/>
    public Task DisposeAsync() => RemoveStoreAsync();

    private IUsageStore Store => _store ?? throw new InvalidOperationException("Not opened yet.");

    private static UsageEvent Event(DateOnly day, string module, string? workspace = null, string? actor = null, long quantity = 1, string org = "acme", string type = "use", int hour = 12) =>
        new(module, org, workspace, actor, type, quantity, day.ToDateTime(new TimeOnly(hour, 30), DateTimeKind.Utc), JsonObjectValue.Parse("""{"note":"ü\n"}"""));

    [Fact]
    [Requirement("K1")]
    public async Task Events_are_summed_up_by_utc_day_module_and_type()
    {
        await Store.WriteAsync(
            [
                Event(Monday, "kb", "w1", "ann", 2), Event(Monday, "kb", "w1", "bob", 3, hour: 0), Event(Monday, "kb", "w2", "ann", 5, hour: 23),
                Event(Monday, "kb", type: "search"), Event(Monday, "chat", "w1"), Event(Monday, "kb", "w9", org: "globex"), Event(Monday.AddDays(1), "kb", "w1", "ann"),
            ],
            default);
        Assert.Equal(5, await Store.RollUpAsync(Monday, Monday.AddDays(1), default));
        Assert.Equal(
            [
                new DailyUsage(Monday, "chat", "use", 1, 1, 0, 1), new DailyUsage(Monday, "kb", "search", 1, 1, 0, 0),
                new DailyUsage(Monday, "kb", "use", 3, 10, 2, 2), new DailyUsage(Monday.AddDays(1), "kb", "use", 1, 1, 1, 1),
            ],
            await Store.DailyAsync(new UsageQuery("acme", null, Monday, Monday.AddDays(1)), default));
    }

    [Fact]
    [Requirement("K1")]
    public async Task Rolling_up_again_replaces_the_sums_of_the_day()
    {
        await Store.WriteAsync([Event(Monday, "kb")], default);
        await Store.RollUpAsync(Monday, Monday, default);
        await Store.WriteAsync([Event(Monday, "kb", quantity: 4)], default);
        await Store.RollUpAsync(Monday, Monday, default);
        await Store.RollUpAsync(Monday, Monday, default);
        Assert.Equal([new DailyUsage(Monday, "kb", "use", 2, 5, 0, 0)], await Store.DailyAsync(new UsageQuery("acme", "kb", Monday, Monday), default));
    }

    [Fact]
    [Requirement("K12")]
    public async Task Query_answers_only_its_organization_module_and_days()
    {
        await Store.WriteAsync([.. Enumerable.Range(0, 5).SelectMany(d => new[] { Event(Monday.AddDays(d), "kb"), Event(Monday.AddDays(d), "chat"), Event(Monday.AddDays(d), "kb", org: "globex") })], default);
        await Store.RollUpAsync(Monday, Monday.AddDays(4), default);
        var found = await Store.DailyAsync(new UsageQuery("acme", "kb", Monday.AddDays(1), Monday.AddDays(3)), default);
        Assert.Equal([1, 2, 3], found.Select(f => f.Day.DayNumber - Monday.DayNumber));
        Assert.All(found, f => Assert.Equal(("kb", 1L), (f.Module, f.Events)));
        Assert.Empty(await Store.DailyAsync(new UsageQuery("nobody", null, Monday, Monday.AddDays(4)), default));
    }

    [Fact]
    public async Task Days_without_events_have_no_sums()
    {
        Assert.Equal(0, await Store.RollUpAsync(Monday, Monday.AddDays(2), default));
        Assert.Empty(await Store.DailyAsync(new UsageQuery("acme", null, Monday, Monday.AddDays(2)), default));
    }
}
