namespace OrleansModules.Sql.Tests.Changes;

public sealed class ValidationTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.ExecuteAsync("""
            insert into mgmt_cfg_sys_modules (module_name, display_name, module_type, is_enabled, dependencies) values
                ('access', 'Access', 'core', true, '[]'), ('ai', 'AI', 'functional', true, '[]'), ('kb', 'KB', 'functional', true, '[{"name": "ai", "range": "^1.0.0"}]'),
                ('off', 'Off', 'functional', false, '[]'), ('lone', 'Lone', 'functional', true, '[]');
            insert into mgmt_cfg_orgs (org_id) values ('acme'), ('empty');
            insert into mgmt_cfg_workspaces (ws_id, org_id) values ('w', 'acme');
            insert into mgmt_cfg_org_modules (org_id, module_name, is_enabled) values ('acme', 'lone', false);
            """);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [Requirement("B4")]
    [Requirement("B5")]
    [Requirement("L3")]
    [InlineData("insert into mgmt_cfg_org_modules (org_id, module_name, is_enabled) values ('acme', 'off', true)", "'off' cannot be enabled here: system has it off.", "parent-disabled")]
    [InlineData("insert into mgmt_cfg_ws_modules (ws_id, module_name, is_enabled) values ('w', 'off', true)", "'off' cannot be enabled here: system has it off.", "parent-disabled")]
    [InlineData("insert into mgmt_cfg_ws_modules (ws_id, module_name, is_enabled) values ('w', 'lone', true)", "'lone' cannot be enabled here: org/acme has it off.", "parent-disabled")]
    [InlineData("update mgmt_cfg_sys_modules set deleted_at = now() where module_name = 'off'; insert into mgmt_cfg_org_modules (org_id, module_name) values ('acme', 'off')", "There is no module 'off'.", "module-not-found")]
    public Task Override_is_refused_where_the_parent_has_the_module_off(string sql, string message, string code) => RefusedAsync(sql, message, code);

    [Theory]
    [Requirement("A7")]
    [Requirement("A9")]
    [InlineData("update mgmt_cfg_sys_modules set is_enabled = false where module_name = 'access'", "'access' is a core module: the platform needs it. Set modules.force to do it all the same.", "core-module-protected")]
    [InlineData("update mgmt_cfg_sys_modules set deleted_at = now() where module_name = 'access'", "'access' is a core module: the platform needs it. Set modules.force to do it all the same.", "core-module-protected")]
    [InlineData("update mgmt_cfg_sys_modules set is_enabled = false where module_name = 'ai'", "'kb' is enabled and requires 'ai'; set modules.force to do it all the same.", "dependent-modules-exist")]
    [InlineData("update mgmt_cfg_sys_modules set version = '2.0.0' where module_name = 'ai'", "'kb' is enabled and requires 'ai'; set modules.force to do it all the same.", "dependent-modules-exist")]
    [InlineData("insert into mgmt_cfg_sys_modules (module_name, display_name, dependencies) values ('x', 'X', '[\"off\"]')", "'x' requires 'off', which is disabled.", "dependency-conflict")]
    [InlineData("insert into mgmt_cfg_sys_modules (module_name, display_name, dependencies) values ('x', 'X', '[\"ghost\"]')", "'x' requires 'ghost', which is not registered.", "dependency-conflict")]
    [InlineData("insert into mgmt_cfg_sys_modules (module_name, display_name, dependencies) values ('x', 'X', '[{\"name\": \"ai\", \"range\": \"^2.0.0\"}]')", "'x' requires 'ai', which has version 1.0.0, which is not in the range ^2.0.0.", "dependency-conflict")]
    [InlineData("set modules.force = 'on'; update mgmt_cfg_sys_modules set dependencies = '[\"kb\"]' where module_name = 'ai'", "Dependencies must not form a cycle: ai -> kb -> ai.", "dependency-cycle")]
    [InlineData("update mgmt_cfg_sys_modules set dependencies = '[{\"name\": \"ai\", \"range\": \"about 1\"}]' where module_name = 'lone'", null, "invalid-value")]
    [InlineData("update mgmt_cfg_sys_modules set dependencies = '[\"lone\"]' where module_name = 'lone'", null, "invalid-value")]
    [InlineData("update mgmt_cfg_sys_modules set required_permissions = '[\"has blank\"]' where module_name = 'lone'", null, "invalid-value")]
    public Task Definition_is_refused_that_the_rules_refuse(string sql, string? message, string code) => RefusedAsync(sql, message, code);

    [Theory]
    [InlineData("update mgmt_cfg_orgs set is_deleted = true where org_id = 'acme'", "Organization 'acme' still has workspace 'w': delete it first.", "org-not-empty")]
    [InlineData("update mgmt_cfg_orgs set is_deleted = true where org_id = 'empty'; insert into mgmt_cfg_workspaces (ws_id, org_id) values ('x', 'empty')", "There is no organization 'empty'.", "org-not-found")]
    [InlineData("update mgmt_cfg_workspaces set org_id = 'empty'", "A workspace belongs to one organization for life: 'w' is taken by another.", "workspace-org-fixed")]
    [InlineData("update mgmt_cfg_workspaces set is_deleted = true; insert into mgmt_cfg_ws_modules (ws_id, module_name) values ('w', 'kb')", "There is no workspace 'w'.", "workspace-not-found")]
    public Task Scope_is_refused_what_the_rules_refuse(string sql, string message, string code) => RefusedAsync(sql, message, code);

    [Fact]
    [Requirement("L2")]
    [Requirement("L3")]
    public async Task Masked_override_can_be_edited_and_comes_back_with_its_parent()
    {
        await _database.ExecuteAsync("""
            insert into mgmt_cfg_ws_modules (ws_id, module_name, is_enabled) values ('w', 'kb', true);
            update mgmt_cfg_sys_modules set is_enabled = false where module_name = 'kb';
            update mgmt_cfg_ws_modules set config_overrides = '{"a": 1}' where module_name = 'kb';
            insert into mgmt_cfg_ws_modules (ws_id, module_name, is_enabled, config_overrides) values ('w', 'kb', true, '{"a": 2}')
                on conflict (ws_id, module_name) do update set is_enabled = excluded.is_enabled, config_overrides = excluded.config_overrides;
            """);
        Assert.Equal("false", await _database.ScalarAsync<string>("select resolve_module_config('w', 'kb') ->> 'is_enabled'"));

        await _database.ExecuteAsync("update mgmt_cfg_sys_modules set is_enabled = true where module_name = 'kb'");

        Assert.Equal("true {\"a\": 2}", await _database.ScalarAsync<string>("select (m ->> 'is_enabled') || ' ' || (m ->> 'config') from resolve_module_config('w', 'kb') m"));
    }

    [Fact]
    [Requirement("A9")]
    public async Task Forced_change_is_made_and_its_record_says_what_it_broke()
    {
        await _database.ExecuteAsync("begin; set local modules.force = 'on'; update mgmt_cfg_sys_modules set is_enabled = false where module_name in ('ai', 'access'); commit");

        Assert.Equal("[\"kb\"]", await _database.ScalarAsync<string>("select (record -> 'broke')::text from mgmt_log_changes order by position desc limit 1"));
    }

    [Fact]
    [Requirement("L3")]
    public async Task Commit_of_the_service_is_validated_too()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync("""
            select * from mgmt_commit_changes('[{"record": {"position":0,"scope":"workspace/w","revision":2,"kind":"override-set","version":"s1.o1.w2","at":"2030-01-01T00:00:00.000Z","actor":"x",
                "overrides":[{"module":"lone","after":{"isEnabled":true,"configOverrides":{},"featureFlagOverrides":{}}}]}}]')
            """));

        Assert.Equal(("OM409", "'lone' cannot be enabled here: org/acme has it off."), (refused.SqlState, refused.MessageText));
        Assert.Equal(1, await _database.ScalarAsync<long>("select revision from mgmt_cfg_workspaces"));
    }

    private async Task RefusedAsync(string sql, string? message, string code)
    {
        var before = await _database.ScalarAsync<long>("select head from mgmt_cfg_feed");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync($"begin; {sql}; commit"));

        Assert.StartsWith("OM", refused.SqlState, StringComparison.Ordinal);
        Assert.Equal(message ?? refused.MessageText, refused.MessageText);
        Assert.Contains($"\"code\": \"{code}\"", refused.Detail, StringComparison.Ordinal);
        Assert.Equal(before, await _database.ScalarAsync<long>("select head from mgmt_cfg_feed"));
    }
}
