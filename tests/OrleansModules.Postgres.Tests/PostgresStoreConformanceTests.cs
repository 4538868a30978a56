using OrleansModules.Core.Stores;
using OrleansModules.Storage.Conformance;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Postgres.Tests;

/// <summary>The PostgreSQL store keeps the promises of every store.</summary>
/// <remarks>
/// The suite makes changes that no engine would make: overrides of modules that nobody registered, workspaces of no organization. So
/// its session is one to which foreign keys and triggers do not apply; they have tests of their own.
/// </remarks>
public sealed class PostgresStoreConformanceTests : ScopeStoreReadingConformance
{
    private TestDatabase? _database;

    protected override async Task<IScopeStore> OpenStoreAsync()
    {
        _database ??= await TestDatabase.CreateAsync(empty: true);
        return await Stores.OpenAsync(_database.ConnectionString + ";Options=-c session_replication_role=replica");
    }

    protected override async Task RemoveStoreAsync() => await _database!.DisposeAsync();
}
