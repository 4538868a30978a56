using System.Text.Json;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Sql.Tests.Changes;

public sealed class PlainSqlTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.ExecuteAsync("""
            insert into mgmt_cfg_sys_modules (module_name, display_name, config) values ('ai', 'AI', '{}'), ('kb', 'KB', '{"limit": 1}');
            insert into mgmt_cfg_orgs (org_id, name) values ('acme', 'Acme');
            insert into mgmt_cfg_workspaces (ws_id, org_id) values ('w', 'acme'), ('w2', 'acme');
            """);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    [Requirement("L7")]
    public async Task Feed_positions_follow_commits_without_gaps_and_records_are_readable()
    {
        await _database.ExecuteAsync("insert into mgmt_cfg_ws_modules (ws_id, module_name, is_enabled, config_overrides) values ('w', 'kb', false, '{\"limit\": 2}'), ('w2', 'kb', null, '{}')");

        var records = await RecordsAsync();

        Assert.Equal(Enumerable.Range(1, records.Count).Select(p => (long)p), records.Select(r => r.Position));
        Assert.Equal(records.Count, await _database.ScalarAsync<long>("select head from mgmt_cfg_feed"));
        var last = records[^1];
        Assert.Equal((ScopeId.Workspace("w2"), 2, ChangeKind.OverrideSet, "s1.o1.w2"), (last.Scope, last.Revision, last.Kind, last.Version.ToString()));
        Assert.Equal("{\"limit\":2}", records[^2].Overrides.Single().After!.Config.ToString());
    }

    [Fact]
    public async Task Statement_gives_each_scope_one_revision_and_who_and_why()
    {
        await _database.ExecuteAsync("begin; set local modules.subject = 'maria'; set local modules.reason = 'spring'; update mgmt_cfg_sys_modules set tier = 1; commit");

        var record = (await RecordsAsync())[^1];

        Assert.Equal(["ai", "kb"], record.Definitions.Select(d => d.After.Name));
        Assert.Equal((2, "maria", "spring", ChangeKind.ModuleUpdated), (record.Revision, record.Actor, record.Reason, record.Kind));
    }

    [Theory]
    [InlineData("update mgmt_cfg_sys_modules set tier = tier, updated_at = now()")]
    [InlineData("update mgmt_cfg_orgs set name = name, revision = 77")]
    [InlineData("insert into mgmt_cfg_orgs (org_id) values ('acme') on conflict do nothing")]
    [InlineData("update mgmt_cfg_sys_scope set host_version = null")]
    [InlineData("delete from mgmt_cfg_ws_modules")]
    public async Task Statement_that_changes_nothing_leaves_no_record(string sql)
    {
        var before = (await RecordsAsync()).Count;

        await _database.ExecuteAsync(sql);

        Assert.Equal(before, (await RecordsAsync()).Count);
        Assert.Equal(1, await _database.ScalarAsync<long>("select revision from mgmt_cfg_orgs"));
    }

    [Fact]
    public async Task Changes_of_modules_have_the_kinds_of_the_service()
    {
        string[] statements =
        [
            "insert into mgmt_cfg_sys_modules (module_name, display_name, dependencies) values ('chat', 'Chat', '[\"ai\"]')",
            "update mgmt_cfg_sys_modules set is_enabled = false where module_name = 'chat'",
            "update mgmt_cfg_sys_modules set is_enabled = true where module_name = 'chat'",
            "update mgmt_cfg_sys_modules set version = '1.1.0' where module_name = 'chat'",
            "update mgmt_cfg_sys_modules set deleted_at = now() where module_name = 'chat'",
            "update mgmt_cfg_sys_modules set deleted_at = null where module_name = 'chat'",
            "update mgmt_cfg_sys_scope set host_version = '2.0.0'",
            "update mgmt_cfg_sys_scope set settings = '{\"a\": 1}'",
            "insert into mgmt_cfg_members (scope_kind, scope_id, subject, role) values ('org', 'acme', 'joe', 'org_user')",
            "update mgmt_cfg_members set role = 'org_admin'",
            "delete from mgmt_cfg_members",
            "insert into mgmt_cfg_ws_modules (ws_id, module_name) values ('w', 'kb')",
            "delete from mgmt_cfg_ws_modules",
            "update mgmt_cfg_workspaces set name = 'W' where ws_id = 'w'",
            "update mgmt_cfg_workspaces set is_deleted = true where ws_id = 'w'",
            "update mgmt_cfg_workspaces set is_deleted = false where ws_id = 'w'",
        ];
        var known = (await RecordsAsync()).Count;
        foreach (var statement in statements)
        {
            await _database.ExecuteAsync(statement);
        }

        Assert.Equal(
            [
                ChangeKind.ModuleRegistered, ChangeKind.ModuleDisabled, ChangeKind.ModuleEnabled, ChangeKind.ModuleUpdated, ChangeKind.ModuleRemoved, ChangeKind.Restored,
                ChangeKind.HostVersionSet, ChangeKind.SettingsSet, ChangeKind.MemberSet, ChangeKind.MemberSet, ChangeKind.MemberRemoved, ChangeKind.OverrideSet,
                ChangeKind.OverrideCleared, ChangeKind.ScopeUpdated, ChangeKind.ScopeDeleted, ChangeKind.ScopeCreated,
            ],
            (await RecordsAsync()).Skip(known).Select(r => r.Kind));
    }

    [Fact]
    public async Task Deleted_workspace_loses_what_it_said_and_never_uses_a_revision_again()
    {
        await _database.ExecuteAsync("""
            insert into mgmt_cfg_ws_modules (ws_id, module_name) values ('w', 'kb');
            insert into mgmt_cfg_members (scope_kind, scope_id, subject, role) values ('workspace', 'w', 'joe', 'ws_user');
            update mgmt_cfg_workspaces set is_deleted = true where ws_id = 'w';
            """);

        var record = (await RecordsAsync())[^1];

        Assert.True(record.Properties!.IsDeleted);
        Assert.Equal("kb", record.Overrides.Single().Module);
        Assert.Equal("joe", record.Members.Single().Subject);
        Assert.Equal(0, await _database.ScalarAsync<long>("select count(*) from mgmt_cfg_ws_modules") + await _database.ScalarAsync<long>("select count(*) from mgmt_cfg_members"));
        await _database.ExecuteAsync("update mgmt_cfg_workspaces set is_deleted = false where ws_id = 'w'");
        Assert.Equal(5, await _database.ScalarAsync<long>("select revision from mgmt_cfg_workspaces where ws_id = 'w'"));
    }

    [Fact]
    [Requirement("C6")]
    public async Task Listeners_hear_of_a_commit_by_plain_sql()
    {
        await using var listener = await _database.Source.OpenConnectionAsync();
        var heard = new TaskCompletionSource<string>();
        listener.Notification += (_, e) => heard.TrySetResult(e.Payload);
        await using (var listen = new NpgsqlCommand("listen modules_feed", listener))
        {
            await listen.ExecuteNonQueryAsync();
        }

        await _database.ExecuteAsync("update mgmt_cfg_orgs set name = 'B'");
        await listener.WaitAsync(CancellationToken.None);

        Assert.Equal((await RecordsAsync()).Count.ToString(System.Globalization.CultureInfo.InvariantCulture), await heard.Task);
    }

    [Fact]
    public async Task Feed_order_is_commit_order_when_statements_of_two_transactions_interleave()
    {
        await using var first = await _database.Source.OpenConnectionAsync();
        await using var second = await _database.Source.OpenConnectionAsync();
        await RunAsync(first, "begin; update mgmt_cfg_workspaces set name = 'first' where ws_id = 'w'");
        await RunAsync(second, "begin; update mgmt_cfg_workspaces set name = 'second' where ws_id = 'w2'; commit");
        await RunAsync(first, "commit");

        Assert.Equal(["second", "first"], (await RecordsAsync()).TakeLast(2).Select(r => r.Properties!.Name));
    }

    [Fact]
    public async Task Version_of_a_record_carries_the_epoch_once_one_was_raised()
    {
        await _database.ExecuteAsync("update mgmt_cfg_epoch set epoch = 2; update mgmt_cfg_sys_scope set host_version = '2.0.0'");

        Assert.Equal("e2.s2", (await RecordsAsync())[^1].Version.ToString());
        Assert.Equal("e2.s2.o1.w1", await _database.ScalarAsync<string>("select resolve_module_config('w', 'kb') -> 'resolution_metadata' ->> 'version'"));
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<ChangeRecord>> RecordsAsync()
    {
        await using var command = _database.Source.CreateCommand("select record from mgmt_log_changes order by position");
        await using var reader = await command.ExecuteReaderAsync();
        var records = new List<ChangeRecord>();
        while (await reader.ReadAsync())
        {
            using var document = JsonDocument.Parse(reader.GetString(0));
            records.Add(ChangeRecordJson.Read(document.RootElement));
        }

        return records;
    }
}
