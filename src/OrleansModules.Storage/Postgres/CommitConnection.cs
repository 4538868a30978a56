using System.Buffers;
using Npgsql;
using NpgsqlTypes;
using OrleansModules.Core.Changes;

namespace OrleansModules.Storage.Postgres;

/// <summary>The connection that the writer keeps for itself, with its one prepared statement. Not safe for concurrent use.</summary>
internal sealed class CommitConnection(NpgsqlDataSource source, PostgresOptions options, TimeProvider time) : IAsyncDisposable
{
    private const string Call = "select outcome, position, revision, first from mgmt_commit_changes($1) order by ordinal";

    // An answer means durable, whatever the database's default is.
    private const string Durable = "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";

    private static readonly TimeSpan RestBeforeCheck = TimeSpan.FromMilliseconds(100);

    private readonly ArrayBufferWriter<byte> _json = new();
    private NpgsqlConnection? _connection;
    private NpgsqlCommand? _command;
    private long _usedAt;

    /// <summary>Whether there is a session.</summary>
    public bool IsOpen => _connection is { FullState: System.Data.ConnectionState.Open };

    /// <summary>Sees to it that there is a session that answers.</summary>
    /// <remarks>A session that rested is asked first: what is not sent on a dead one needs no resolving.</remarks>
    public async ValueTask EnsureOpenAsync()
    {
        if (IsOpen && time.GetElapsedTime(_usedAt) >= RestBeforeCheck)
        {
            try
            {
                await ExecuteAsync("select 1");
            }
            catch (Exception e) when (PostgresErrors.IsDatabaseFailure(e))
            {
                await CloseAsync();
            }
        }

        if (!IsOpen)
        {
            await OpenAsync();
        }
    }

    /// <summary>Commits changes in one transaction.</summary>
    /// <returns>One outcome for each, in their order.</returns>
    public async ValueTask<List<CommitOutcome>> CommitAsync(List<PendingChange> changes)
    {
        var command = _command ?? throw new InvalidOperationException("Not open.");
        command.Parameters[0].Value = Join(changes);
        var outcomes = new List<CommitOutcome>(changes.Count);
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                outcomes.Add(Read(reader));
            }

            // The database says last that the transaction is committed.
            await reader.NextResultAsync();
        }

        _usedAt = time.GetTimestamp();
        return outcomes;
    }

    /// <summary>Ends the session; what it was doing goes on or not.</summary>
    public async ValueTask CloseAsync()
    {
        if (_command is { } command)
        {
            await command.DisposeAsync();
        }

        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }

        (_connection, _command) = (null, null);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    private static CommitOutcome Read(NpgsqlDataReader row) => row.GetString(0) switch
    {
        "committed" => new CommitOutcome.Committed(row.GetInt64(1)),
        "conflict" => new CommitOutcome.Conflict(row.GetInt64(2)),
        "refused" => new CommitOutcome.Refused(),
        "repeated" => new CommitOutcome.Repeated(Rows.ReadRecord(row, 3)),
        var other => throw new InvalidOperationException($"mgmt_commit_changes answered '{other}'."),
    };

    private async ValueTask OpenAsync()
    {
        await CloseAsync();
        _connection = await source.OpenConnectionAsync();
        await ExecuteAsync(Durable);
        _command = new NpgsqlCommand(Call, _connection) { CommandTimeout = (int)options.CommandTimeout.TotalSeconds };
        _command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Json });
        await _command.PrepareAsync();
        _usedAt = time.GetTimestamp();
    }

    private async ValueTask ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection) { CommandTimeout = (int)options.CommandTimeout.TotalSeconds };
        await command.ExecuteNonQueryAsync();
    }

    private ReadOnlyMemory<byte> Join(List<PendingChange> changes)
    {
        _json.ResetWrittenCount();
        foreach (var change in changes)
        {
            _json.Write(_json.WrittenCount == 0 ? "["u8 : ","u8);
            _json.Write(change.Json);
        }

        _json.Write("]"u8);
        return _json.WrittenMemory;
    }
}
