using Microsoft.Extensions.Logging.Abstractions;
using OrleansModules.Storage.Postgres;

namespace OrleansModules.Postgres.Tests;

/// <summary>Opens stores as the tests need them.</summary>
internal static class Stores
{
    /// <summary>Opens a store on a database that has all scripts.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="patience">For everything that has one; null are the defaults.</param>
    public static async Task<PostgresScopeStore> OpenAsync(string connectionString, TimeSpan? patience = null)
    {
        var options = new PostgresOptions { ConnectionString = connectionString };
        if (patience is { } given)
        {
            (options.CommandTimeout, options.QueueTimeout, options.OutcomePatience) = (given, given, given);
        }

        return await PostgresScopeStore.OpenAsync(options, TimeProvider.System, NullLogger<PostgresScopeStore>.Instance, default);
    }
}
