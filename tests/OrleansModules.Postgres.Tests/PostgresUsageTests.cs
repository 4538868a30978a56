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
}
