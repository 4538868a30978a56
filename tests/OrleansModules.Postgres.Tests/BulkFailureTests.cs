using Microsoft.Extensions.Logging.Abstractions;
using OrleansModules.Core.Audit;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Usage;
using OrleansModules.Storage.Postgres;
using OrleansModules.Testing;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Postgres.Tests;

/// <summary>What is written in bulk while the database is away waits up to a bound; what is lost is counted; all goes on without a restart.</summary>
public sealed class BulkFailureTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private PostgresServer _server = null!;
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _server = PostgresServer.Start();
        _database = await TestDatabase.CreateAsync(_server, empty: true);
        await (await Stores.OpenAsync(_database.ConnectionString)).DisposeAsync(); // applies the scripts
    }

    public Task DisposeAsync()
    {
        _server.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    [Requirement("K1", "Bounded queue, written in bulk, loss counted, recovery without a restart")]
    public async Task Usage_while_the_server_is_away_waits_up_to_the_bound_and_is_written_when_it_is_back()
    {
        await using var store = new PostgresUsageStore(Options());
        var queue = new UsageQueue(store, TimeProvider.System, 10);
        var (failed, recovered) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var stop = new CancellationTokenSource();
        var running = queue.RunAsync(_ => failed.TrySetResult(), () => recovered.TrySetResult(), stop.Token);
        _server.Stop(immediate: true);

        Assert.Equal(1, queue.Add([Use("a")]));
        await failed.Task.WaitAsync(Patience);
        Assert.Equal(10, queue.Add([.. Enumerable.Range(0, 15).Select(_ => Use("b"))]));
        Assert.Equal((5L, 11L, true), (queue.Dropped, queue.Waiting, queue.IsFailing));
        Assert.False(await queue.FlushAsync(Patience, default));

        _server.StartAgain();
        await recovered.Task.WaitAsync(Patience);
        Assert.True(await queue.FlushAsync(Patience, default));
        Assert.Equal((11L, 5L), (queue.Written, queue.Dropped));
        await stop.CancelAsync();
        await running;
        Assert.Equal(11, await _database.ScalarAsync<long>("select count(*) from mgmt_usage_modules"));
    }

    [Fact]
    public async Task Usage_that_the_database_never_takes_is_lost_and_what_comes_after_is_written()
    {
        await using var store = new PostgresUsageStore(Options());
        Assert.Equal(StoreFailure.Corrupt, (await Assert.ThrowsAsync<StoreException>(async () => await store.WriteAsync([Use("nul\0")], default))).Failure);
        var queue = new UsageQueue(store, TimeProvider.System, 10);
        queue.Add([Use("nul\0")]);
        using var stop = new CancellationTokenSource();
        var running = queue.RunAsync(_ => { }, () => { }, stop.Token);
        Assert.True(await queue.FlushAsync(Patience, default));
        queue.Add([Use("fine")]);
        Assert.True(await queue.FlushAsync(Patience, default));
        Assert.Equal((1L, 1L), (queue.Written, queue.Dropped));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    [Requirement("B20", "Refusals do not wait for the database")]
    public async Task Audit_while_the_server_is_away_waits_up_to_the_bound_and_is_written_when_it_is_back()
    {
        var options = Options();
        options.AuditCapacity = 10;
        await using var log = new PostgresAuditLog(options, TimeProvider.System, NullLogger<PostgresAuditLog>.Instance);
        await log.AppendAsync(Entry("before"), default);
        Assert.Single(await log.ReadAsync(new AuditQuery(ScopeId.System, 100), default));
        _server.Stop(immediate: true);

        var lost = 0;
        for (var i = 0; i < 5000 && lost < 3; i++)
        {
            var appended = log.AppendAsync(Entry("during"), default);
            Assert.True(appended.IsCompleted);
            lost += appended.IsFaulted ? 1 : 0;
            await Task.Yield();
        }

        Assert.Equal(3, lost);
        Assert.Equal(3, log.Dropped);
        Assert.Equal(StoreFailure.Unavailable, (await Assert.ThrowsAsync<StoreException>(async () => await log.ReadAsync(new AuditQuery(ScopeId.System, 1), default))).Failure);
        var waiting = log.Waiting;
        Assert.True(waiting >= 10);

        _server.StartAgain();
        var expected = 1 + waiting;
        using var patience = new CancellationTokenSource(Patience);
        while (log.Waiting > 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await _database.ScalarAsync<int>("select 1 from pg_sleep(0.05)");
        }

        Assert.Equal(expected, (await log.ReadAsync(new AuditQuery(ScopeId.System, 1000), default)).Count);
        Assert.Equal(3, log.Dropped);
    }

    private PostgresOptions Options() => new() { ConnectionString = _database.ConnectionString, CommandTimeout = TimeSpan.FromSeconds(5) };

    private static UsageEvent Use(string actor) => new("kb", "acme", "w1", actor, "use", 1, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc), JsonObjectValue.Empty);

    private static AuditEntry Entry(string target) => new()
    {
        At = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc), Subject = "ann", Action = "change-modules", Operation = "op", Scope = ScopeId.System, Target = target, Outcome = AuditOutcome.Forbidden,
        TraceId = "t",
    };
}
