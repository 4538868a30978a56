namespace OrleansModules.Sql.Tests.Access;

/// <summary>A database whose tables belong to a login without privileges of its own, as in an installation.</summary>
public sealed class SecuredDatabase : IAsyncLifetime
{
    /// <summary>The login that owns the tables, as which the service connects.</summary>
    public const string Owner = "modules_owner";

    private TestDatabase? _database;

    /// <summary>Connections of the owner.</summary>
    public NpgsqlDataSource OwnerSource { get; private set; } = null!;

    /// <summary>The database.</summary>
    internal TestDatabase Database => _database!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(empty: true);
        await Database.ExecuteAsync($"""
            do $$ begin create role {Owner} login; exception when duplicate_object or unique_violation then null; end $$;
            alter database {Database.Name} owner to {Owner};
            """);
        OwnerSource = NpgsqlDataSource.Create(Database.ConnectionStringAs(Owner));
        await SqlScripts.ApplyAsync(OwnerSource, SqlScripts.Up);
        await using var rows = OwnerSource.CreateCommand(Borders.Rows);
        await rows.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await OwnerSource.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>Tries something and takes it back.</summary>
    /// <returns>Whether it touched a row.</returns>
    public static async Task<bool> TryAsync(NpgsqlConnection connection, string identity, string sql)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var set = new NpgsqlCommand(identity, connection, transaction))
        {
            await set.ExecuteNonQueryAsync();
        }

        try
        {
            await using var attempt = new NpgsqlCommand(sql, connection, transaction);
            if (!sql.StartsWith("select", StringComparison.Ordinal))
            {
                return await attempt.ExecuteNonQueryAsync() > 0;
            }

            await using var reader = await attempt.ExecuteReaderAsync();
            return await reader.ReadAsync();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
        finally
        {
            await transaction.RollbackAsync();
        }
    }
}
