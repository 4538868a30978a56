using System.ComponentModel.DataAnnotations;

namespace OrleansModules.Storage.Postgres;

/// <summary>Settings of a <see cref="PostgresScopeStore"/>.</summary>
public sealed class PostgresOptions
{
    /// <summary>How to connect, as Npgsql writes it: <c>Host=...;Database=...;Username=...;Password=...</c>.</summary>
    /// <value>No default.</value>
    public string ConnectionString { get; set; } = "";

    /// <summary>Whether to apply scripts that the database lacks when the store is opened.</summary>
    /// <value>Default true. With false, opening a database that lacks scripts is refused.</value>
    public bool Migrate { get; set; } = true;

    /// <summary>How long one command may take before it is given up.</summary>
    /// <value>1 second to 5 minutes. Default 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a change waits for its turn to be committed; after that nothing was changed.</summary>
    /// <value>1 second to 5 minutes. Default 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to try to learn what became of a commit whose answer was lost, before its outcome is called unknown.</summary>
    /// <value>1 second to 5 minutes. Default 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan OutcomePatience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Entries of the audit trail that wait in memory at most; while the database is away, those beyond are lost and counted.</summary>
    /// <value>1 to 1,000,000. Default 10,000.</value>
    [Range(1, 1_000_000)]
    public int AuditCapacity { get; set; } = 10_000;
}
