using Npgsql;
using NpgsqlTypes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Usage;

namespace OrleansModules.Storage.Postgres;

/// <summary>Usage in the tables <c>mgmt_usage_modules</c> and <c>mgmt_usage_modules_daily</c>. A batch of events is one statement; an event that is there already is not written again.</summary>
public sealed class PostgresUsageStore(PostgresOptions options) : IUsageStore, IAsyncDisposable
{
    private const int RollUpSeconds = 300;
    private const int MaxConnections = 8;

    // No "copy": PostgreSQL refuses it where row-level security binds the login.
    private const string Insert =
        "insert into mgmt_usage_modules (occurred_at, module_name, org_id, ws_id, actor, event_type, quantity, details, event_id) "
        + "select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (event_id) do nothing";

    private const string RollUp = "select mgmt_roll_up_usage($1, $2)";

    private const string Daily =
        "select usage_date, module_name, event_type, events, quantity, actors, workspaces from mgmt_usage_modules_daily "
        + "where org_id = $1 and usage_date between $2 and $3 and ($4::text is null or module_name = $4) order by usage_date, module_name, event_type";

    private readonly NpgsqlDataSource _source = PostgresSource.Create(options, MaxConnections);

    /// <inheritdoc/>
    public async ValueTask WriteAsync(IReadOnlyCollection<UsageEvent> events, CancellationToken cancellationToken) => await GuardAsync(async () =>
    {
        await using var command = _source.CreateCommand(Insert);
        command.Parameters.Add(Column(events.Select(e => DateTime.SpecifyKind(e.OccurredAt, DateTimeKind.Utc)), NpgsqlDbType.TimestampTz));
        command.Parameters.Add(Column(events.Select(e => e.Module), NpgsqlDbType.Varchar));
        command.Parameters.Add(Column(events.Select(e => e.OrgId), NpgsqlDbType.Text));
        command.Parameters.Add(Column(events.Select(e => e.WorkspaceId), NpgsqlDbType.Text));
        command.Parameters.Add(Column(events.Select(e => e.Actor), NpgsqlDbType.Text));
        command.Parameters.Add(Column(events.Select(e => e.EventType), NpgsqlDbType.Text));
        command.Parameters.Add(Column(events.Select(e => e.Quantity), NpgsqlDbType.Bigint));
        command.Parameters.Add(Column(events.Select(e => e.Details.ToString()), NpgsqlDbType.Jsonb));
        command.Parameters.Add(Column(events.Select(e => e.Id), NpgsqlDbType.Uuid));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    /// <inheritdoc/>
    public ValueTask<long> RollUpAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await using var command = _source.CreateCommand(RollUp);
        command.CommandTimeout = RollUpSeconds;
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = to });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!; // The function answers a number.
    });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DailyUsage>> DailyAsync(UsageQuery query, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await using var command = _source.CreateCommand(Daily);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = query.OrgId });
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = query.From });
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = query.To });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)query.Module ?? DBNull.Value });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<DailyUsage>();
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add(new DailyUsage(
                rows.GetFieldValue<DateOnly>(0), rows.GetString(1), rows.GetString(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5), rows.GetInt64(6)));
        }

        return (IReadOnlyList<DailyUsage>)found;
    });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static NpgsqlParameter Column<T>(IEnumerable<T> values, NpgsqlDbType type) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };

    private static async ValueTask<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (PostgresErrors.IsDatabaseFailure(e))
        {
            throw PostgresErrors.OfItems(e);
        }
    }
}
