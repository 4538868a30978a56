using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Postgres.Migrations;

/// <summary>Brings a database up to what the program needs: applies scripts in order, each in one transaction, each once.</summary>
/// <remarks>
/// Which scripts were applied, with their checksums, is in the table <c>mgmt_schema_scripts</c>. Processes that start together take
/// turns by an advisory lock.
/// </remarks>
public sealed class Migrator
{
    private const int OldestServer = 15;
    private const int LockTimeoutSeconds = 300;
    private const int NoTimeout = 0;

    private const string Lock = "select pg_advisory_lock(hashtextextended('modules migration of ' || coalesce(current_schema(), ''), 0))";
    private const string Unlock = "select pg_advisory_unlock(hashtextextended('modules migration of ' || coalesce(current_schema(), ''), 0))";
    private const string Where = "select current_database()::text, current_schema()::text, to_regclass('mgmt_schema_scripts') is not null, to_regclass('mgmt_cfg_feed') is not null";
    private const string Applied = "select number, name, sha256 from mgmt_schema_scripts order by number";
    private const string Note = "insert into mgmt_schema_scripts (number, name, sha256) values ($1, $2, $3)";

    private const string Table =
        """
        create table mgmt_schema_scripts (
            number     integer          not null,
            name       text collate "C" not null,
            sha256     text collate "C" not null,
            applied_at timestamptz      not null default now(),
            applied_by text             not null default session_user,
            constraint mgmt_schema_scripts_pkey primary key (number)
        )
        """;

    private readonly NpgsqlDataSource _source;
    private readonly ILogger _logger;
    private readonly IReadOnlyList<Script> _scripts;

    /// <summary>Makes a migrator.</summary>
    /// <param name="source">The database, as a login that may create tables where scripts are to be applied.</param>
    /// <param name="logger">Told of each script.</param>
    /// <param name="scripts">In order; null are those of the program.</param>
    internal Migrator(NpgsqlDataSource source, ILogger logger, IReadOnlyList<Script>? scripts = null) =>
        (_source, _logger, _scripts) = (source, logger, scripts ?? Script.All);

    /// <summary>Applies missing scripts of a database, without opening a store.</summary>
    /// <param name="options">How to connect.</param>
    /// <param name="upTo">Only notes that scripts up to this number were applied by hand; null applies what is missing.</param>
    /// <param name="logger">Told of each script.</param>
    /// <param name="cancellationToken">Gives up between two scripts.</param>
    /// <exception cref="StoreException">As for <see cref="PostgresScopeStore.OpenAsync"/>.</exception>
    public static async Task<SchemaState> RunAsync(PostgresOptions options, int? upTo, ILogger logger, CancellationToken cancellationToken)
    {
        await using var source = PostgresSource.Create(options);
        var migrator = new Migrator(source, logger);
        try
        {
            return upTo is { } number ? await migrator.AdoptAsync(number, cancellationToken) : await migrator.ApplyAsync(cancellationToken);
        }
        catch (Exception e) when (PostgresErrors.IsDatabaseFailure(e))
        {
            throw PostgresErrors.Of(e);
        }
    }

    /// <summary>Applies what is missing.</summary>
    public Task<SchemaState> ApplyAsync(CancellationToken cancellationToken) => AloneAsync(async connection =>
    {
        var (state, applied) = await ReadAsync(connection, cancellationToken);
        if (applied is null)
        {
            await ExecuteAsync(connection, Table, cancellationToken);
        }

        var missing = Missing(applied ?? []);
        foreach (var script in missing)
        {
            await ApplyAsync(connection, script, cancellationToken);
            PostgresLog.Migrated(_logger, script.Name);
        }

        return state with { LastScript = _scripts[^1].Name, Applied = missing.Count };
    }, cancellationToken);

    /// <summary>Checks that nothing is missing, and changes nothing.</summary>
    public async Task<SchemaState> CheckAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        var (state, applied) = await ReadAsync(connection, cancellationToken);
        return Missing(applied ?? []) is [var first, ..]
            ? throw Refuse($"the database {state.Database} lacks the script {first.Name}{(first == _scripts[^1] ? "" : $" to {_scripts[^1].Name}")}: apply it with the command 'migrate', or set Modules:Postgres:Migrate to true")
            : state with { LastScript = _scripts[^1].Name };
    }

    /// <summary>Notes that scripts were applied by hand.</summary>
    /// <param name="upTo">The number of the last of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<SchemaState> AdoptAsync(int upTo, CancellationToken cancellationToken) => AloneAsync(async connection =>
    {
        if (upTo < 1 || _scripts.All(s => s.Number != upTo))
        {
            throw Refuse($"there are the scripts {_scripts[0].Number} to {_scripts[^1].Number}, not {upTo}");
        }

        var where = await WhereAsync(connection, cancellationToken);
        if (where.HasList || !where.HasTables)
        {
            throw Refuse(where.HasList ? $"the database {where.Database} has a list of applied scripts already" : $"the database {where.Database} has no tables of the service");
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, Table, cancellationToken);
        foreach (var script in _scripts.Where(s => s.Number <= upTo))
        {
            await NoteAsync(connection, script, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new SchemaState(where.Database, where.Schema, _scripts.Single(s => s.Number == upTo).Name, 0);
    }, cancellationToken);

    private static StoreException Refuse(string why, Exception? inner = null) => new(StoreFailure.Misconfigured, $"PostgreSQL: {why}.", inner);

    private static async ValueTask ExecuteAsync(NpgsqlConnection connection, string text, CancellationToken cancellationToken, int timeoutSeconds = NoTimeout)
    {
        await using var command = new NpgsqlCommand(text, connection) { CommandTimeout = timeoutSeconds };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async ValueTask NoteAsync(NpgsqlConnection connection, Script script, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Note, connection) { Parameters = { new() { Value = script.Number }, new() { Value = script.Name }, new() { Value = script.Checksum } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async ValueTask<(string Database, string Schema, bool HasList, bool HasTables)> WhereAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (connection.PostgreSqlVersion.Major < OldestServer)
        {
            throw Refuse($"the server is version {connection.PostgreSqlVersion}, {OldestServer} or later is needed");
        }

        await using var command = new NpgsqlCommand(Where, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        var schema = Rows.Text(rows, 1) ?? throw Refuse($"the search path of {rows.GetString(0)} names no schema that exists");
        return (rows.GetString(0), schema, rows.GetBoolean(2), rows.GetBoolean(3));
    }

    private static async ValueTask ApplyAsync(NpgsqlConnection connection, Script script, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, script.Text, cancellationToken);
            await NoteAsync(connection, script, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException e) when (PostgresErrors.IsRefusal(e))
        {
            throw Refuse($"the script {script.Name} failed and changed nothing: {e.MessageText} ({e.SqlState})", e);
        }
    }

    private async Task<SchemaState> AloneAsync(Func<NpgsqlConnection, Task<SchemaState>> work, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, Lock, cancellationToken, LockTimeoutSeconds);
        try
        {
            return await work(connection);
        }
        finally
        {
            if (connection.FullState == System.Data.ConnectionState.Open)
            {
                await ExecuteAsync(connection, Unlock, CancellationToken.None);
            }
        }
    }

    private static async ValueTask<(SchemaState State, List<(int Number, string Name, string Checksum)>? Applied)> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var where = await WhereAsync(connection, cancellationToken);
        if (!where.HasList && where.HasTables)
        {
            throw Refuse($"the database {where.Database} has tables of the service, but no list of the scripts that made them: when scripts were applied by hand, say up to which with the command 'migrate --applied NUMBER'");
        }

        var state = new SchemaState(where.Database, where.Schema, "", 0);
        if (!where.HasList)
        {
            return (state, null);
        }

        await using var command = new NpgsqlCommand(Applied, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new List<(int, string, string)>();
        while (await rows.ReadAsync(cancellationToken))
        {
            applied.Add((rows.GetInt32(0), rows.GetString(1), rows.GetString(2)));
        }

        return (state, applied);
    }

    /// <summary>What is to be applied still, after checking what was.</summary>
    private List<Script> Missing(List<(int Number, string Name, string Checksum)> applied)
    {
        foreach (var (number, name, checksum) in applied)
        {
            var own = _scripts.FirstOrDefault(s => s.Number == number)
                ?? throw Refuse($"the database has the script {name}, which this program does not know: the database is newer than the program");
            if (!own.Checksum.Equals(checksum, StringComparison.Ordinal))
            {
                throw Refuse($"the script {own.Name} is not the one that was applied (SHA-256 {own.Checksum[..12]}..., applied {checksum[..Math.Min(12, checksum.Length)]}...): scripts are never edited once applied");
            }
        }

        return [.. _scripts.Where(s => applied.TrueForAll(a => a.Number != s.Number))];
    }
}
