using OrleansModules.Storage.Postgres;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Postgres.Tests;

/// <summary>Tests that each begin with a database of their own and a store on it that has <see cref="Worlds.FillAsync"/> in it.</summary>
public abstract class FilledStoreTests : IAsyncLifetime
{
    /// <summary>The database.</summary>
    protected TestDatabase Database { get; private set; } = null!;

    /// <summary>The store.</summary>
    protected PostgresScopeStore Store { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync(empty: true);
        Store = await Stores.OpenAsync(Database.ConnectionString);
        await Worlds.FillAsync(Store);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        await Database.DisposeAsync();
    }
}
