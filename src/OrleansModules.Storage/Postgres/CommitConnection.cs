using Npgsql;
using OrleansModules.Core.Changes;

namespace OrleansModules.Storage.Postgres;

/// <summary>The connection that the writer keeps for itself, with its prepared calls. Not safe for concurrent use.</summary>
/// <remarks>Waits on the thread that calls: the writer has one of its own, which the answer wakes without a detour.</remarks>
internal sealed class CommitConnection(NpgsqlDataSource source, PostgresOptions options, TimeProvider time) : IDisposable
{
    // An answer means durable, whatever the database's default is.
    private const string Durable = "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";

    private static readonly TimeSpan RestBeforeCheck = TimeSpan.FromMilliseconds(100);

    private NpgsqlConnection? _connection;
    private OverridesCall? _overrides;
    private ChangesCall? _changes;
    private long _usedAt;

    private int Timeout => (int)options.CommandTimeout.TotalSeconds;

    /// <summary>Whether there is a session.</summary>
    public bool IsOpen => _connection is { FullState: System.Data.ConnectionState.Open };

    /// <summary>Sees to it that there is a session that answers.</summary>
    /// <remarks>A session that rested is asked first: what is not sent on a dead one needs no resolving.</remarks>
    public void EnsureOpen()
    {
        if (IsOpen && time.GetElapsedTime(_usedAt) >= RestBeforeCheck)
        {
            try
            {
                Execute("select 1");
            }
            catch (Exception e) when (PostgresErrors.IsDatabaseFailure(e))
            {
                Close();
            }
        }

        if (!IsOpen)
        {
            Open();
        }
    }

    /// <summary>Commits changes in one transaction.</summary>
    /// <returns>One outcome for each, in their order.</returns>
    public CommitOutcome[] Commit(List<PendingChange> changes)
    {
        if (_overrides is null || _changes is null)
        {
            throw new InvalidOperationException("Not open.");
        }

        var call = OverridesCall.Takes(changes) ? _overrides.For(changes) : _changes.For(changes);
        var outcomes = new CommitOutcome[changes.Count];
        using (var reader = call.ExecuteReader())
        {
            while (reader.Read())
            {
                outcomes[reader.GetInt32(0)] = Read(reader);
            }

            // The database says last that the transaction is committed.
            reader.NextResult();
        }

        _usedAt = time.GetTimestamp();
        return outcomes;
    }

    /// <summary>Ends the session; what it was doing goes on or not.</summary>
    public void Close()
    {
        _overrides?.Dispose();
        _changes?.Dispose();
        _connection?.Dispose();
        (_connection, _overrides, _changes) = (null, null, null);
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private static CommitOutcome Read(NpgsqlDataReader row) => row.GetString(1) switch
    {
        "committed" => new CommitOutcome.Committed(row.GetInt64(2)),
        "conflict" => new CommitOutcome.Conflict(row.GetInt64(3)),
        "refused" => new CommitOutcome.Refused(),
        "repeated" => new CommitOutcome.Repeated(Rows.ReadRecord(row, 4)),
        var other => throw new InvalidOperationException($"The database answered '{other}'."),
    };

    private void Open()
    {
        Close();
        _connection = source.OpenConnection();
        Execute(Durable);
        _overrides = new OverridesCall(_connection, Timeout);
        _changes = new ChangesCall(_connection, Timeout);
        _usedAt = time.GetTimestamp();
    }

    private void Execute(string sql)
    {
        using var command = new NpgsqlCommand(sql, _connection) { CommandTimeout = Timeout };
        command.ExecuteNonQuery();
    }
}
