using Microsoft.Extensions.Logging.Abstractions;
using OrleansModules.Core.Audit;
using OrleansModules.Core.Scopes;
using OrleansModules.Storage.Conformance;
using OrleansModules.Storage.Postgres;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Postgres.Tests;

/// <summary>The audit trail in PostgreSQL keeps the promises of every audit log, and is one for several servers.</summary>
public sealed class PostgresAuditTests : AuditLogConformance
{
    private TestDatabase? _database;
    private PostgresAuditLog? _log;

    protected override async Task<IAuditLog> OpenLogAsync()
    {
        _database = await TestDatabase.CreateAsync();
        return _log = Open();
    }

    protected override async Task RemoveLogAsync()
    {
        await _log!.DisposeAsync();
        await _database!.DisposeAsync();
    }

    [Fact]
    public async Task Entries_of_one_server_are_read_on_another()
    {
        await using (var other = Open())
        {
            await other.AppendAsync(Entry(ScopeId.Org("acme")), default);
        } // which writes what waits

        Assert.Equal([ScopeId.Org("acme")], (await Log.ReadAsync(new AuditQuery(ScopeId.System, 10), default)).Select(e => e.Scope));
    }

    [Fact]
    public async Task Text_that_the_database_does_not_take_is_replaced_and_stops_nothing()
    {
        await Log.AppendAsync(Entry(ScopeId.System) with { Target = "a\0b", OnBehalfOf = "half \ud83d" }, default);
        await Log.AppendAsync(Entry(ScopeId.System, 1), default);

        var found = await Log.ReadAsync(new AuditQuery(ScopeId.System, 10), default);
        Assert.Equal(("a\uFFFDb", "half \uFFFD"), (found[1].Target, found[1].OnBehalfOf));
    }

    private PostgresAuditLog Open() =>
        new(new PostgresOptions { ConnectionString = _database!.ConnectionString }, TimeProvider.System, NullLogger<PostgresAuditLog>.Instance);
}
