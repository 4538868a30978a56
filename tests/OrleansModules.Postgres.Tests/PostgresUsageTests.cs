using OrleansModules.Core.Json;
using OrleansModules.Core.Usage;
using OrleansModules.Storage.Conformance;
using OrleansModules.Storage.Postgres;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Postgres.Tests;

/// <summary>Usage in PostgreSQL keeps the promises of every usage store.</summary>
public sealed class PostgresUsageTests : UsageStoreConformance
{
    private TestDatabase? _database;
    private PostgresUsageStore? _store;

    protected override async Task<IUsageStore> OpenStoreAsync()
    {
        _database = await TestDatabase.CreateAsync();
        return _store = new PostgresUsageStore(new PostgresOptions { ConnectionString = _database.ConnectionString });
    }

    protected override async Task RemoveStoreAsync()
    {
        await _store!.DisposeAsync();
        await _database!.DisposeAsync();
    }

    [Fact]
    public async Task Batch_that_is_written_again_because_its_answer_was_lost_counts_once()
    {
        var day = new DateOnly(2030, 1, 1);
        UsageEvent[] batch = [new UsageEvent("kb", "acme", null, null, "use", 1, day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), JsonObjectValue.Empty)];
        await _store!.WriteAsync(batch, default);
        await _store.WriteAsync(batch, default);
        await _store.RollUpAsync(day, day, default);
        Assert.Equal(1, Assert.Single(await _store.DailyAsync(new UsageQuery("acme", null, day, day), default)).Events);
    }
}
