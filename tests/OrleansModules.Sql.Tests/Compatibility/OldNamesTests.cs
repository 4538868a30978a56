namespace OrleansModules.Sql.Tests.Compatibility;

public sealed class OldNamesTests
{
    private const string OldTables = """
        create table sys_module_registry (id uuid primary key default gen_random_uuid(), module_name varchar(100) unique, display_name varchar(200), module_type varchar(20), tier int,
            is_enabled boolean, is_installed boolean, config jsonb, feature_flags jsonb, dependencies jsonb);
        insert into sys_module_registry (module_name, display_name, module_type, tier, is_enabled, is_installed, config, feature_flags, dependencies) values
            ('module-kb', 'KB', 'functional', 2, true, true, '{"limit": 5}', '{"beta": true}', '["module-ai"]'), ('module-ai', 'AI', 'core', 1, false, true, null, null, null);
        create table sys_lambda_config (config_key text, config_value jsonb, description text, is_active boolean);
        insert into sys_lambda_config values ('warming', '{"minutes": 5}', 'keeps warm', false);
        create table sys_module_usage (id uuid default gen_random_uuid(), module_name text, org_id uuid, user_id uuid, event_type text, event_data jsonb, created_at timestamptz);
        insert into sys_module_usage (module_name, org_id, event_type, created_at) values ('module-kb', '00000000-0000-0000-0000-000000000001', 'open', '2030-01-01T10:00:00Z');
        create table sys_module_usage_daily (usage_date date, module_name text, total_events bigint);
        insert into sys_module_usage_daily values ('2030-01-01', 'module-kb', 7);
        create table modules (id text primary key, name text, is_active boolean);
        insert into modules values ('agency', 'Agency', true);
        create table tenant_modules (tenant_id text, module_id text, enabled boolean, settings jsonb);
        insert into tenant_modules values ('t1', 'agency', true, '{"a": 1}');
        """;

    [Fact]
    [Requirement("K3")]
    [Requirement("K5")]
    [Requirement("B26")]
    public async Task Old_tables_are_taken_over_and_come_back_when_the_scripts_are_taken_back()
    {
        await using var database = await TestDatabase.CreateAsync(empty: true);
        await database.ExecuteAsync(OldTables);

        await SqlScripts.ApplyAsync(database.Source, SqlScripts.Up);

        Assert.Equal("module-ai false, module-kb true", await database.ScalarAsync<string>("select string_agg(module_name || ' ' || is_enabled, ', ' order by module_name) from sys_module_registry where module_name <> 'agency'"));
        Assert.Equal("[{\"name\": \"module-ai\", \"range\": \"*\", \"optional\": false}]", await database.ScalarAsync<string>("select dependencies::text from sys_module_registry where module_name = 'module-kb'"));
        Assert.Equal("{\"minutes\": 5} false", await database.ScalarAsync<string>("select config_value::text || ' ' || is_active from sys_lambda_config"));
        Assert.Equal("open", await database.ScalarAsync<string>("select event_type from sys_module_usage"));
        Assert.Equal(7, await database.ScalarAsync<long>("select event_count from sys_module_usage_daily"));
        Assert.Equal("t1 agency {\"a\": 1}", await database.ScalarAsync<string>("select org_id || ' ' || module_name || ' ' || config_overrides from mgmt_cfg_org_modules"));
        Assert.Equal("agency, module-ai, module-kb", await database.ScalarAsync<string>("select string_agg(id, ', ' order by id) from modules"));

        await SqlScripts.ApplyAsync(database.Source, SqlScripts.Down);

        Assert.Equal("modules, sys_lambda_config, sys_module_registry, sys_module_usage, sys_module_usage_daily, tenant_modules",
            await database.ScalarAsync<string>("select string_agg(relname, ', ' order by relname) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')"));
        Assert.Equal(2, await database.ScalarAsync<long>("select count(*) from sys_module_registry"));
    }

    [Fact]
    [Requirement("K5")]
    public async Task Views_under_the_old_names_are_written_through()
    {
        await using var database = await TestDatabase.CreateAsync();

        await database.ExecuteAsync("""
            insert into sys_module_registry (module_name, display_name, is_installed) values ('kb', 'KB', true) on conflict (module_name) do update set display_name = excluded.display_name;
            update sys_module_registry set is_enabled = false where module_name = 'kb';
            insert into sys_lambda_config (config_key, config_value) values ('a', '1'); update sys_lambda_config set is_active = false; delete from sys_lambda_config where config_key = 'b';
            insert into sys_module_usage (module_name, org_id, user_id, event_at) values ('kb', 'acme', 'joe', '2030-01-01T23:59:59Z'), ('kb', 'acme', 'joe', '2030-01-01T00:00:00Z'), ('kb', 'acme', 'ann', '2030-01-02T00:00:00Z');
            """);

        Assert.Equal("module-disabled", await database.ScalarAsync<string>("select kind from mgmt_log_changes order by position desc limit 1"));
        Assert.False(await database.ScalarAsync<bool>("select is_active from mgmt_cfg_sys_lambda"));
        for (var repeated = 0; repeated < 2; repeated++)
        {
            Assert.Equal(2, await database.ScalarAsync<long>("select mgmt_roll_up_usage('2030-01-01', '2030-01-02')"));
            Assert.Equal("2030-01-01 2 1, 2030-01-02 1 1", await database.ScalarAsync<string>("select string_agg(concat_ws(' ', usage_date, event_count, unique_users), ', ' order by usage_date) from sys_module_usage_daily"));
        }
    }

    [Fact]
    [Requirement("A12")]
    [Requirement("A19")]
    public async Task Seed_applied_again_leaves_what_an_administrator_changed()
    {
        await using var database = await TestDatabase.CreateAsync();
        var seed = await File.ReadAllTextAsync(Path.Combine(SqlScripts.Directory, "seed", "known_modules.sql"));
        await database.ExecuteAsync(seed);
        await database.ExecuteAsync("update mgmt_cfg_sys_modules set is_enabled = false, display_name = 'Ours' where module_name = 'voice'; update mgmt_cfg_sys_modules set deleted_at = now() where module_name = 'agency'");
        var before = await database.ScalarAsync<string>("select jsonb_agg(m order by module_name)::text from mgmt_cfg_sys_modules m");

        await database.ExecuteAsync(seed);

        Assert.Equal(before, await database.ScalarAsync<string>("select jsonb_agg(m order by module_name)::text from mgmt_cfg_sys_modules m"));
        Assert.Equal(3, await database.ScalarAsync<long>("select revision from mgmt_cfg_sys_scope"));
        Assert.Equal(9, await database.ScalarAsync<long>("select count(*) from mgmt_cfg_sys_modules"));
    }
}
