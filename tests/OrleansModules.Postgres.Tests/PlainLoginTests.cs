using Microsoft.Extensions.Logging.Abstractions;
using OrleansModules.Core.Audit;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Usage;
using OrleansModules.Storage.Conformance;
using OrleansModules.Storage.Postgres;
using OrleansModules.Testing;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Postgres.Tests;

/// <summary>The login of an installation is no superuser: row-level security binds it, although it owns the tables.</summary>
public sealed class PlainLoginTests : IAsyncLifetime
{
    private readonly string _login = $"app_{Guid.NewGuid():N}";
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(empty: true);
        await _database.ExecuteAsync($"create role {_login} login; create schema app authorization {_login}; alter role {_login} set search_path = app");
    }

    public async Task DisposeAsync()
    {
        await _database.ExecuteAsync($"drop owned by {_login} cascade; drop role {_login}");
        await _database.DisposeAsync();
    }

    [Fact]
    [Requirement("K9")]
    public async Task Store_of_a_plain_login_migrates_writes_and_reads_everything()
    {
        await using var store = await Stores.OpenAsync(_database.ConnectionStringAs(_login));
        await Worlds.FillAsync(store);
        var layer = await Worlds.LayerAsync(store, Worlds.Workspace);
        layer = await store.CommitAsync(Sample.Override(Worlds.Workspace, layer, "chat", true), layer);
        await store.CommitAsync(Sample.Delete(Worlds.Workspace, layer), layer);
        var org = await Worlds.LayerAsync(store, Worlds.Org);
        await store.CommitAsync(Sample.Override(Worlds.Org, org, "chat", false), org);

        Assert.Equal(6, (await Sample.AllAsync(store)).Count);
        var scopes = new List<ScopeId>();
        await foreach (var stored in store.LoadAllAsync(default))
        {
            scopes.Add(stored.Scope);
        }

        Assert.Equal([ScopeId.System, Worlds.Org, Worlds.Workspace], scopes);
        Assert.Equal(3, (await store.HistoryAsync(new HistoryQuery(Worlds.Workspace, null, null, 10), default)).Count);
    }

    [Fact]
    [Requirement("K1")]
    public async Task Usage_and_audit_trail_of_a_plain_login_are_written_and_read()
    {
        var options = new PostgresOptions { ConnectionString = _database.ConnectionStringAs(_login) };
        await (await Stores.OpenAsync(options.ConnectionString)).DisposeAsync(); // applies the scripts
        await using var usage = new PostgresUsageStore(options);
        var day = new DateOnly(2030, 1, 1);
        await usage.WriteAsync([new UsageEvent("kb", "acme", "w1", "ann", "use", 1, day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), JsonObjectValue.Empty)], default);
        Assert.Equal(1, await usage.RollUpAsync(day, day, default));
        Assert.Single(await usage.DailyAsync(new UsageQuery("acme", null, day, day), default));

        await using var log = new PostgresAuditLog(options, TimeProvider.System, NullLogger<PostgresAuditLog>.Instance);
        await log.AppendAsync(new AuditEntry { At = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), Subject = "ann", Action = "a", Operation = "o", Scope = ScopeId.System, Outcome = AuditOutcome.Done, TraceId = "t" }, default);
        Assert.Single(await log.ReadAsync(new AuditQuery(ScopeId.System, 10), default));
    }
}
