using System.Collections.Concurrent;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Conformance;
using OrleansModules.Storage.Postgres;
using OrleansModules.Testing;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Postgres.Tests;

/// <summary>The database is stopped, throws sessions out, is full, or is not there at all.</summary>
public sealed class DatabaseFailureTests : IAsyncLifetime
{
    private const int Writers = 12;

    private PostgresServer _server = null!;
    private TestDatabase _database = null!;
    private PostgresScopeStore _store = null!;

    public async Task InitializeAsync()
    {
        _server = PostgresServer.Start();
        _database = await TestDatabase.CreateAsync(_server, empty: true);
        _store = await Stores.OpenAsync(_database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    [Requirement("L7", "an acknowledged change is durable and is never lost")]
    public Task Append_while_the_server_is_stopped_immediately_keeps_every_acknowledged_change_once() =>
        WriteThroughAsync(rounds: 4, () => Task.Run(() => _server.Restart(immediate: true)));

    [Fact]
    [Requirement("L7", "an acknowledged change is durable and is never lost")]
    public Task Append_while_sessions_are_terminated_keeps_every_acknowledged_change_once() => WriteThroughAsync(rounds: 10, async () =>
    {
        await using var admin = Npgsql.NpgsqlDataSource.Create(_database.ConnectionString + ";Pooling=false");
        await using var command = admin.CreateCommand("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        await command.ExecuteNonQueryAsync();
    });

    [Fact]
    public async Task Append_while_the_server_is_away_is_refused_and_changes_nothing()
    {
        await Worlds.FillAsync(_store);
        _server.Stop(immediate: false);
        var change = Sample.Put(ScopeId.Org("late"));

        for (var i = 0; i < 3; i++)
        {
            var failure = await Assert.ThrowsAsync<StoreException>(async () => await _store.AppendAsync(change, LayerFold.Apply(null, change), default));
            Assert.Equal((StoreFailure.Unavailable, i > 0 && failure.OutcomeUnknown), (failure.Failure, false));
            Assert.Equal(StoreFailure.Unavailable, (await Assert.ThrowsAsync<StoreException>(async () => await _store.FeedAsync(0, 1, default))).Failure);
        }

        _server.StartAgain();
        await _store.CommitAsync(change);
        Assert.Equal(4, (await _store.HeadAsync(default)).Position);
    }

    [Fact]
    public async Task Append_while_the_disk_is_full_says_so_and_changes_nothing()
    {
        await Worlds.FillAsync(_store);
        await _database.ExecuteAsync(
            """
            create function no_room() returns trigger language plpgsql as $$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$;
            create trigger no_room before insert on mgmt_log_changes execute function no_room()
            """);
        var change = Sample.Put(ScopeId.Org("late"));

        var failure = await Assert.ThrowsAsync<StoreException>(async () => await _store.AppendAsync(change, LayerFold.Apply(null, change), default));
        Assert.Equal((StoreFailure.Full, false), (failure.Failure, failure.OutcomeUnknown));
        await _database.ExecuteAsync("drop trigger no_room on mgmt_log_changes");
        await _store.CommitAsync(change);
        Assert.Equal(4, (await _store.HeadAsync(default)).Position);
    }

    [Fact]
    public async Task Append_behind_a_commit_that_hangs_is_given_up_and_changes_nothing()
    {
        await Worlds.FillAsync(_store);
        await using var hasty = await Stores.OpenAsync(_database.ConnectionString, TimeSpan.FromSeconds(3));
        await using var connection = await _database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var block = new Npgsql.NpgsqlCommand("select 1 from mgmt_cfg_feed for update", connection, transaction))
        {
            await block.ExecuteNonQueryAsync();
        }

        var changes = Enumerable.Range(0, 3).Select(i => Sample.Put(ScopeId.Org($"late-{i}"))).ToList();
        var first = hasty.AppendAsync(changes[0], LayerFold.Apply(null, changes[0]), default).AsTask();
        var failure = await Assert.ThrowsAsync<StoreException>(() => first);
        Assert.Equal((StoreFailure.Unavailable, true), (failure.Failure, failure.OutcomeUnknown));

        await transaction.RollbackAsync();
        Assert.Equal(3, (await hasty.HeadAsync(default)).Position);
        await hasty.CommitAsync(changes[1]);
        await hasty.CommitAsync(changes[0]);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Timeout=2", StoreFailure.Unavailable)]
    [InlineData("Database=nowhere", StoreFailure.Misconfigured)]
    [InlineData("Username=nobody", StoreFailure.Misconfigured)]
    [InlineData("Search Path=nowhere", StoreFailure.Misconfigured)]
    [InlineData("Color=blue", StoreFailure.Misconfigured)]
    public async Task Open_where_it_cannot_be_is_refused_with_its_reason(string setting, StoreFailure reason) =>
        Assert.Equal(reason, (await Assert.ThrowsAsync<StoreException>(() => Stores.OpenAsync($"{_database.ConnectionString};{setting}"))).Failure);

    /// <summary>Writers change scopes of their own while something happens to the database, again and again.</summary>
    private async Task WriteThroughAsync(int rounds, Func<Task> disturb)
    {
        var acknowledged = new ConcurrentBag<ChangeRecord>();
        var unknown = new ConcurrentBag<ChangeRecord>();
        using var stop = new CancellationTokenSource();
        var writing = Enumerable.Range(0, Writers).Select(i => Task.Run(() => WriteAsync(ScopeId.Org($"org-{i}"), acknowledged, unknown, stop.Token))).ToList();
        for (var round = 1; round <= rounds; round++)
        {
            await ReachAsync(acknowledged, round * 40);
            await disturb();
        }

        await ReachAsync(acknowledged, (rounds + 1) * 40);
        await stop.CancelAsync();
        await Task.WhenAll(writing);

        var feed = await Sample.AllAsync(_store);
        Assert.Equal(Enumerable.Range(1, feed.Count).Select(i => (long)i), feed.Select(r => r.Position));
        var byReason = feed.ToDictionary(r => r.Reason!, StringComparer.Ordinal);
        Assert.All(acknowledged, a => Assert.Equal(Sample.Text(a), Sample.Text(byReason[a.Reason!])));
        Assert.Empty(byReason.Keys.Except(acknowledged.Concat(unknown).Select(r => r.Reason!), StringComparer.Ordinal));
    }

    private async Task WriteAsync(ScopeId scope, ConcurrentBag<ChangeRecord> acknowledged, ConcurrentBag<ChangeRecord> unknown, CancellationToken stop)
    {
        Layer? layer = null;
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var change = Sample.Put(scope, before: layer, name: $"{i}") with { Reason = $"{scope} {i}" };
            var after = LayerFold.Apply(layer, change);
            try
            {
                acknowledged.Add(Assert.IsType<AppendResult.Committed>(await _store.AppendAsync(change, after, default)).Record);
                layer = after;
            }
            catch (StoreException e)
            {
                if (e.OutcomeUnknown)
                {
                    unknown.Add(change);
                }

                layer = await ReadAgainAsync(scope);
            }
        }
    }

    private async Task<Layer?> ReadAgainAsync(ScopeId scope)
    {
        while (true)
        {
            try
            {
                return (await _store.LoadAsync([scope], default)) is [var stored] ? stored.Layer : null;
            }
            catch (StoreException)
            {
                await _store.WaitAsync(TimeSpan.FromMilliseconds(50), default);
            }
        }
    }

    private async Task ReachAsync(ConcurrentBag<ChangeRecord> acknowledged, int count)
    {
        while (acknowledged.Count < count)
        {
            await _store.WaitAsync(TimeSpan.FromMilliseconds(20), default);
        }
    }
}
