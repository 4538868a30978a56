namespace OrleansModules.Sql.Tests.Compatibility;

public sealed class CatalogueTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.ExecuteAsync("insert into mgmt_cfg_orgs (org_id) values ('acme'); insert into modules (id, name) values ('kb', 'KB'), ('agency', 'Agency')");
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    [Requirement("K9")]
    public async Task Seven_policies_have_their_names()
    {
        var policies = await _database.ScalarAsync<string>("select string_agg(policyname, ' ' order by policyname) from pg_policies where tablename in ('modules', 'tenant_modules')");

        Assert.Equal(
            "admins_can_delete_tenant_modules admins_can_insert_tenant_modules admins_can_update_tenant_modules authenticated_can_view_modules service_role_all_modules service_role_all_tenant_modules users_can_view_tenant_modules",
            policies);
    }

    [Fact]
    [Requirement("A14")]
    [Requirement("A17")]
    public async Task Module_in_the_catalogue_is_a_definition_and_the_other_way_round()
    {
        Assert.Equal("KB 1.0.0 true", await _database.ScalarAsync<string>("select display_name || ' ' || version || ' ' || is_enabled from mgmt_cfg_sys_modules where module_name = 'kb'"));

        await _database.ExecuteAsync("update modules set name = 'Docs', is_active = false where id = 'kb'; update mgmt_cfg_sys_modules set version = '2.0.0' where module_name = 'agency'");

        Assert.Equal("Docs false", await _database.ScalarAsync<string>("select display_name || ' ' || is_enabled from mgmt_cfg_sys_modules where module_name = 'kb'"));
        Assert.Equal("2.0.0", await _database.ScalarAsync<string>("select version from modules where id = 'agency'"));
    }

    [Fact]
    [Requirement("A15")]
    [Requirement("A16")]
    [Requirement("A18")]
    public async Task Tenant_installs_changes_settings_switches_off_and_on_and_uninstalls()
    {
        await _database.ExecuteAsync("insert into tenant_modules (tenant_id, module_id, settings) values ('acme', 'kb', '{\"limit\": 1}'); update tenant_modules set settings = '{\"limit\": 2}', enabled = false");
        Assert.Equal("false {\"limit\": 2}", await _database.ScalarAsync<string>("select is_enabled || ' ' || config_overrides from mgmt_cfg_org_modules"));

        await _database.ExecuteAsync("update tenant_modules set enabled = true; update mgmt_cfg_org_modules set config_overrides = '{\"limit\": 3}'");
        Assert.Equal("true {\"limit\": 3}", await _database.ScalarAsync<string>("select enabled || ' ' || settings from tenant_modules"));

        await _database.ExecuteAsync("delete from tenant_modules");
        Assert.Equal(0, await _database.ScalarAsync<long>("select count(*) from mgmt_cfg_org_modules"));
        Assert.Equal("override-cleared", await _database.ScalarAsync<string>("select kind from mgmt_log_changes order by position desc limit 1"));
    }

    [Theory]
    [Requirement("A16")]
    [InlineData("insert into tenant_modules (tenant_id, module_id) values ('acme', 'ghost')")]
    [InlineData("update modules set is_active = false where id = 'kb'; insert into tenant_modules (tenant_id, module_id) values ('acme', 'kb')")]
    [InlineData("insert into tenant_modules (tenant_id, module_id, enabled) values ('acme', 'kb', false); update modules set is_active = false where id = 'kb'; update tenant_modules set enabled = true")]
    public async Task Module_that_is_not_there_or_not_active_is_not_installed(string sql)
    {
        await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync($"begin; {sql}; commit"));
    }

    [Fact]
    public async Task Override_of_the_service_shows_in_the_catalogue()
    {
        await _database.ExecuteAsync("""
            select * from mgmt_commit_changes('[{"record": {"position":0,"scope":"org/acme","revision":2,"kind":"override-set","version":"s1.o2","at":"2030-01-01T00:00:00.000Z","actor":"x",
                "overrides":[{"module":"kb","after":{"isEnabled":false,"configOverrides":{"a":1},"featureFlagOverrides":{}}}]}}]')
            """);

        Assert.Equal("acme kb false {\"a\": 1}", await _database.ScalarAsync<string>("select concat_ws(' ', tenant_id, module_id, enabled::text, settings) from tenant_modules"));
    }
}
