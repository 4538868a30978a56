using Npgsql;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Postgres;

/// <summary>Makes data sources: one for each store.</summary>
internal static class PostgresSource
{
    private const int PreparedStatements = 32;
    private const int KeepAliveSeconds = 30;
    private const int DefaultConnections = 100;

    /// <summary>Makes a data source; nothing is connected yet.</summary>
    /// <param name="options">How to connect.</param>
    /// <param name="maxConnections">Connections at once, where the connection string says nothing.</param>
    /// <exception cref="StoreException">Of <see cref="StoreFailure.Misconfigured"/>: the connection string is none.</exception>
    public static NpgsqlDataSource Create(PostgresOptions options, int maxConnections = DefaultConnections)
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
                MaxPoolSize = maxConnections,
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
