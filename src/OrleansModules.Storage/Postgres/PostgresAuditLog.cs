using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using OrleansModules.Core.Audit;
using OrleansModules.Core.Queues;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Postgres;

/// <summary>The audit trail in the table <c>mgmt_log_audit</c>, one for all servers of the database.</summary>
/// <remarks>
/// An entry is taken at once and written in bulk a moment later, so that a refusal never waits for the database. While that is away, entries
/// wait in memory up to a bound; beyond it an append fails, and the entry is lost and counted. Safe for concurrent use.
/// </remarks>
public sealed class PostgresAuditLog : IAuditLog, IAsyncDisposable
{
    private const int MaxConnections = 8;

    private const string Insert =
        "insert into mgmt_log_audit (at, subject, on_behalf_of, source, action, operation, scope_kind, scope_id, org_id, target, outcome, code, change_position, trace_id, repeats) "
        + "select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource _source;
    private readonly BulkQueue<AuditEntry> _queue;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _writing;

    /// <summary>Begins to write; nothing is connected before the first entry.</summary>
    public PostgresAuditLog(PostgresOptions options, TimeProvider time, ILogger<PostgresAuditLog> logger)
    {
        _source = PostgresSource.Create(options, MaxConnections);
        _queue = new BulkQueue<AuditEntry>(WriteAsync, time, options.AuditCapacity);
        _writing = _queue.RunAsync(e => PostgresLog.AuditWaits(logger, e.Message), () => PostgresLog.AuditGoesOn(logger, _queue.Dropped), _closing.Token);
    }

    /// <summary>Entries lost since the process started.</summary>
    public long Dropped => _queue.Dropped;

    /// <summary>Entries that are not written yet.</summary>
    public long Waiting => _queue.Waiting;

    /// <inheritdoc/>
    public ValueTask AppendAsync(AuditEntry entry, CancellationToken cancellationToken) => _queue.Add([entry]) == 1
        ? ValueTask.CompletedTask
        : ValueTask.FromException(new StoreException(StoreFailure.Unavailable, "Too many entries of the audit trail wait for PostgreSQL."));

    /// <inheritdoc/>
    /// <remarks>Entries that were appended here before are among those read.</remarks>
    public async ValueTask<IReadOnlyList<AuditEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        await _queue.FlushAsync(ReadPatience, cancellationToken);
        try
        {
            await using var command = _source.CreateCommand();
            AuditRows.Select(command, query);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            var found = new List<AuditEntry>();
            while (await rows.ReadAsync(cancellationToken))
            {
                found.Add(AuditRows.Read(rows));
            }

            return found;
        }
        catch (Exception e) when (PostgresErrors.IsDatabaseFailure(e))
        {
            throw PostgresErrors.Of(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _writing;
        _closing.Dispose();
        await _source.DisposeAsync();
    }

    private async ValueTask WriteAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = _source.CreateCommand(Insert);
            command.Parameters.Add(new NpgsqlParameter { Value = entries.Select(e => e.At).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
            command.Parameters.Add(Texts(entries, e => e.Subject));
            command.Parameters.Add(Texts(entries, e => e.OnBehalfOf));
            command.Parameters.Add(Texts(entries, e => e.From));
            command.Parameters.Add(Texts(entries, e => e.Action));
            command.Parameters.Add(Texts(entries, e => e.Operation));
            command.Parameters.Add(Texts(entries, e => AuditRows.WordOf(e.Scope.Kind)));
            command.Parameters.Add(Texts(entries, e => e.Scope.Id));
            command.Parameters.Add(Texts(entries, e => e.Scope.Kind == ScopeKind.Org ? e.Scope.Id : e.OrgId));
            command.Parameters.Add(Texts(entries, e => e.Target));
            command.Parameters.Add(Texts(entries, e => AuditJson.Word(e.Outcome)));
            command.Parameters.Add(Texts(entries, e => e.Code));
            command.Parameters.Add(Numbers(entries, e => e.ChangePosition));
            command.Parameters.Add(Texts(entries, e => e.TraceId));
            command.Parameters.Add(Numbers(entries, e => e.Repeats));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception e) when (PostgresErrors.IsDatabaseFailure(e))
        {
            throw PostgresErrors.OfItems(e);
        }
    }

    private static NpgsqlParameter Numbers(IEnumerable<AuditEntry> entries, Func<AuditEntry, long?> number) =>
        new() { Value = entries.Select(number).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    private static NpgsqlParameter Texts(IEnumerable<AuditEntry> entries, Func<AuditEntry, string?> text) =>
        new() { Value = entries.Select(e => Clean(text(e))).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    // What a refused request says may be no text that PostgreSQL takes: a NUL, half a surrogate pair.
    private static string? Clean(string? text) => text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
