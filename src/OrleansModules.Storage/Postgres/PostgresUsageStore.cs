using Npgsql;
using NpgsqlTypes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Usage;

namespace OrleansModules.Storage.Postgres;

/// <summary>Usage in the tables <c>mgmt_usage_modules</c> and <c>mgmt_usage_modules_daily</c>. Events are copied in binary form.</summary>
public sealed class PostgresUsageStore(PostgresOptions options) : IUsageStore, IAsyncDisposable
{
    private const string Copy = "copy mgmt_usage_modules (occurred_at, module_name, org_id, ws_id, actor, event_type, quantity, details) from stdin (format binary)";

    private const string RollUp = "select mgmt_roll_up_usage($1, $2)";

    private const string Daily =
        "select usage_date, module_name, event_type, events, quantity, actors, workspaces from mgmt_usage_modules_daily "
        + "where org_id = $1 and usage_date between $2 and $3 and ($4::text is null or module_name = $4) order by usage_date, module_name, event_type";

    private readonly NpgsqlDataSource _source = PostgresSource.Create(options);

    /// <inheritdoc/>
    public async ValueTask WriteAsync(IReadOnlyCollection<UsageEvent> events, CancellationToken cancellationToken) => await GuardAsync(async () =>
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var import = await connection.BeginBinaryImportAsync(Copy, cancellationToken);
        foreach (var one in events)
        {
            await import.StartRowAsync(cancellationToken);
            await import.WriteAsync(DateTime.SpecifyKind(one.OccurredAt, DateTimeKind.Utc), NpgsqlDbType.TimestampTz, cancellationToken);
            await import.WriteAsync(one.Module, NpgsqlDbType.Varchar, cancellationToken);
            await import.WriteAsync(one.OrgId, NpgsqlDbType.Text, cancellationToken);
            await WriteOptionalAsync(import, one.WorkspaceId, cancellationToken);
            await WriteOptionalAsync(import, one.Actor, cancellationToken);
            await import.WriteAsync(one.EventType, NpgsqlDbType.Text, cancellationToken);
            await import.WriteAsync(one.Quantity, NpgsqlDbType.Bigint, cancellationToken);
            await import.WriteAsync(one.Details.ToString(), NpgsqlDbType.Jsonb, cancellationToken);
        }

        return await import.CompleteAsync(cancellationToken);
    });

    /// <inheritdoc/>
    public ValueTask<long> RollUpAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await using var command = _source.CreateCommand(RollUp);
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

    private static Task WriteOptionalAsync(NpgsqlBinaryImporter import, string? value, CancellationToken cancellationToken) => value is null
        ? import.WriteNullAsync(cancellationToken)
        : import.WriteAsync(value, NpgsqlDbType.Text, cancellationToken);

    private static async ValueTask<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (PostgresErrors.IsDatabaseFailure(e))
        {
            throw PostgresErrors.Of(e);
        }
    }
}
