using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Postgres.Migrations;

namespace OrleansModules.Storage.Postgres;

/// <summary>A scope store in a PostgreSQL database, which other processes and operators change too. The tables are those in <c>sql/</c>.</summary>
/// <remarks>
/// <para>
/// An append returns after its transaction was committed. Changes that wait at the same time share a transaction. When the answer to a
/// commit is lost, it is found out what became of it; where that takes longer than <see cref="PostgresOptions.OutcomePatience"/>, the
/// failure says that the outcome is unknown.
/// </para>
/// <para>
/// What the database itself refuses because of what other scopes say by now is a <see cref="AppendResult.Conflict"/> with the revision
/// that the change was decided on. Operation ids are remembered for good. The store recovers by itself when the database does.
/// </para>
/// </remarks>
public sealed class PostgresScopeStore : IScopeStore, IFeedSource
{
    private const int MostWaiting = 8192;
    private const int LongestPage = 1000;

    private const string Head = "select e.epoch, f.head from mgmt_cfg_epoch e, mgmt_cfg_feed f";
    private const string RaiseEpoch = "update mgmt_cfg_epoch set epoch = epoch + 1, reason = $1, raised_at = now() returning epoch";
    private const string Feed = "select record from mgmt_log_changes where position > $1 order by position limit $2";
    private const string Operation = "select record from mgmt_log_changes where operation_id = $1";
    private const string History = "select record from mgmt_log_changes where scope_kind = $1 and scope_id = $2 and revision < $3 order by revision desc limit $4";
    private const string ModuleHistory =
        "select record from mgmt_log_changes where scope_kind = $1 and scope_id = $2 and revision < $3 and $5 = any(modules) order by revision desc limit $4";

    private readonly Channel<PendingChange> _changes = Channel.CreateBounded<PendingChange>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly NpgsqlDataSource _source;
    private readonly PostgresOptions _options;
    private readonly TimeProvider _time;
    private readonly FeedListener _listener;
    private readonly Task _writing;
    private bool _isDisposed;

    private PostgresScopeStore(NpgsqlDataSource source, PostgresOptions options, TimeProvider time, ILogger logger)
    {
        (_source, _options, _time) = (source, options, time);
        _listener = new FeedListener(source, time, logger);
        var writer = new CommitWriter(new CommitConnection(source, options, time), options, time, logger);
        _writing = Task.Factory.StartNew(() => writer.Run(_changes.Reader), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Connects, applies missing scripts or checks that none is missing, and opens the store.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="time">Measures waits.</param>
    /// <param name="logger">Receives what an operator should know.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreException">
    /// <see cref="StoreFailure.Misconfigured"/>: the connection string is none, the login is refused, the database does not exist or has
    /// other tables than this program needs. <see cref="StoreFailure.Unavailable"/>: the server cannot be reached.
    /// </exception>
    public static async Task<PostgresScopeStore> OpenAsync(PostgresOptions options, TimeProvider time, ILogger<PostgresScopeStore> logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        var source = PostgresSource.Create(options);
        try
        {
            var migrator = new Migrator(source, logger);
            var state = options.Migrate ? await migrator.ApplyAsync(cancellationToken) : await migrator.CheckAsync(cancellationToken);
            var store = new PostgresScopeStore(source, options, time, logger);
            var head = await store.HeadAsync(cancellationToken);
            PostgresLog.Opened(logger, state.Database, state.Schema, state.LastScript, head.Epoch, head.Position);
            return store;
        }
        catch (Exception e)
        {
            await source.DisposeAsync();
            throw PostgresErrors.IsDatabaseFailure(e) ? PostgresErrors.Of(e) : e;
        }
    }

    /// <inheritdoc/>
    public ValueTask<FeedHead> HeadAsync(CancellationToken cancellationToken) => ReadAsync(Head, [], async rows =>
    {
        await rows.ReadAsync(cancellationToken);
        return new FeedHead(rows.GetInt64(0), rows.GetInt64(1));
    }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> RaiseEpochAsync(string reason, CancellationToken cancellationToken) => ReadAsync(RaiseEpoch, [Of(reason)], async rows =>
    {
        await rows.ReadAsync(cancellationToken);
        return rows.GetInt64(0);
    }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _listener.WaitAsync(atMost, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredLayer> LoadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = await GuardAsync(() => LayerReader.OpenAsync(_source, cancellationToken));
        if (await GuardAsync(() => reader.SystemAsync(cancellationToken)) is { } system)
        {
            yield return new StoredLayer(ScopeId.System, system);
        }

        foreach (var kind in (ScopeKind[])[ScopeKind.Org, ScopeKind.Workspace])
        {
            await using var layers = reader.ScopesAsync(kind, null, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await GuardAsync(layers.MoveNextAsync))
            {
                yield return layers.Current;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredLayer>> LoadAsync(IReadOnlyCollection<ScopeId> scopes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        return GuardAsync<IReadOnlyList<StoredLayer>>(async () =>
        {
            var found = new List<StoredLayer>(scopes.Count);
            await using var reader = await LayerReader.OpenAsync(_source, cancellationToken);
            if (scopes.Contains(ScopeId.System) && await reader.SystemAsync(cancellationToken) is { } system)
            {
                found.Add(new StoredLayer(ScopeId.System, system));
            }

            foreach (var kind in (ScopeKind[])[ScopeKind.Org, ScopeKind.Workspace])
            {
                await AddAsync(found, reader, kind, [.. scopes.Where(s => s.Kind == kind).Select(s => s.Id)], cancellationToken);
            }

            return found;
        });
    }

    /// <inheritdoc/>
    public async ValueTask<AppendResult> AppendAsync(ChangeRecord change, Layer after, ChangeIdentity? identity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(after);
        if (after.Revision != change.Revision || (change.Scope.Kind == ScopeKind.System) != (after is SystemLayer))
        {
            throw new ArgumentException($"The layer is not that of {change.Scope} after revision {change.Revision}.", nameof(after));
        }

        cancellationToken.ThrowIfCancellationRequested();
        var pending = new PendingChange(change, after, identity);
        try
        {
            await _changes.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw PostgresErrors.Closed();
        }

        try
        {
            return await pending.Task.WaitAsync(_options.QueueTimeout, _time, cancellationToken);
        }
        catch (TimeoutException) when (pending.TryTake())
        {
            throw PostgresErrors.Late();
        }
        catch (OperationCanceledException) when (pending.TryTake())
        {
            throw;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // It was handed to the database.
            return await pending.Task;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ChangeRecord?> FindOperationAsync(string operationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operationId);
        if (OperationIds.IsOwn(operationId))
        {
            return null;
        }

        var found = await ReadAsync(Operation, [Of(operationId)], rows => Rows.ReadRecordsAsync(rows, cancellationToken), cancellationToken);
        return found is [var record] ? record : null;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChangeRecord>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        CheckLimit(query.Limit, LongestPage + 1);
        NpgsqlParameter[] parameters = [Of(Word(query.Scope.Kind)), Of(query.Scope.Id), Of(query.Before ?? long.MaxValue), Of(query.Limit)];
        return query.Module is { } module
            ? ReadAsync(ModuleHistory, [.. parameters, Of(module)], rows => Rows.ReadRecordsAsync(rows, cancellationToken), cancellationToken)
            : ReadAsync(History, parameters, rows => Rows.ReadRecordsAsync(rows, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChangeRecord>> FeedAsync(long after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        CheckLimit(limit, LongestPage);
        return ReadAsync(Feed, [Of(after), Of(limit)], rows => Rows.ReadRecordsAsync(rows, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredLayer>> ListAsync(ScopeListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        CheckLimit(query.Limit, LongestPage + 1);
        if (query.Kind == ScopeKind.System)
        {
            throw new ArgumentException("There is one system scope; organizations or workspaces can be listed.", nameof(query));
        }

        return GuardAsync<IReadOnlyList<StoredLayer>>(async () =>
        {
            var page = new List<StoredLayer>();
            await using var reader = await LayerReader.OpenAsync(_source, cancellationToken);
            await AddAsync(page, reader, query.Kind, await reader.IdsAsync(query, cancellationToken), cancellationToken);
            return page;
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _changes.Writer.TryComplete();
        await _writing;
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _listener.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static async ValueTask AddAsync(List<StoredLayer> found, LayerReader reader, ScopeKind kind, string[] ids, CancellationToken cancellationToken)
    {
        if (ids.Length > 0)
        {
            await foreach (var stored in reader.ScopesAsync(kind, ids, cancellationToken))
            {
                found.Add(stored);
            }
        }
    }

    private ValueTask<T> ReadAsync<T>(string text, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, ValueTask<T>> read, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await using var command = _source.CreateCommand(text);
        command.Parameters.AddRange(parameters);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await read(rows);
    });

    private static async ValueTask<T> GuardAsync<T>(Func<ValueTask<T>> work)
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

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };

    private static string Word(ScopeKind kind) => kind switch
    {
        ScopeKind.Org => "org",
        ScopeKind.Workspace => "workspace",
        _ => "system",
    };

    private static void CheckLimit(int limit, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, most);
    }
}
