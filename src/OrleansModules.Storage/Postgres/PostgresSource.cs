using Npgsql;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Postgres;

/// <summary>Makes the one data source of a store.</summary>
internal static class PostgresSource
{
    private const int PreparedStatements = 32;
    private const int KeepAliveSeconds = 30;

    /// <summary>Makes a data source; nothing is connected yet.</summary>
    /// <exception cref="StoreException">Of <see cref="StoreFailure.Misconfigured"/>: the connection string is none.</exception>
    public static NpgsqlDataSource Create(PostgresOptions options)
    {
        try
        {
            // What the connection string says stands: it comes last.
            var settings = new NpgsqlConnectionStringBuilder
            {
                ApplicationName = "orleans-modules",
                MaxAutoPrepare = PreparedStatements,
                AutoPrepareMinUsages = 2,
                KeepAlive = KeepAliveSeconds,
                CommandTimeout = (int)options.CommandTimeout.TotalSeconds,
                Timeout = (int)options.CommandTimeout.TotalSeconds,
            };
            return new NpgsqlDataSourceBuilder($"{settings.ConnectionString};{options.ConnectionString}").Build();
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
        {
            throw new StoreException(StoreFailure.Misconfigured, $"The connection string of PostgreSQL cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
