using System.Text.Json;

namespace OrleansModules.Sql.Tests.Cascade;

/// <summary>What the cascade does for an answer, counted and not timed: bench/ has the times.</summary>
public sealed class CascadeCostTests : IAsyncLifetime
{
    private const string Modules = """
        insert into mgmt_cfg_sys_modules (module_name, display_name, config, feature_flags, config_merge, dependencies)
        select 'm' || i, 'Module ' || i, '{"a": 1, "b": {"c": 2, "d": [1, 2, 3]}, "limit": 100}', '{"beta": true}', case when i % 4 = 0 then 'deep' else 'shallow' end,
            case when i > 5 then jsonb_build_array(jsonb_build_object('name', 'm' || i / 2, 'range', case when i % 3 = 0 then '^1.0.0' else '*' end)) else '[]' end
        from generate_series(1, 100) i;
        insert into mgmt_cfg_orgs (org_id) values ('acme');
        insert into mgmt_cfg_workspaces (ws_id, org_id) values ('w', 'acme');
        insert into mgmt_cfg_org_modules (org_id, module_name, config_overrides) select 'acme', 'm' || i, '{"limit": 200}' from generate_series(1, 100, 5) i;
        insert into mgmt_cfg_ws_modules (ws_id, module_name, is_enabled, config_overrides) select 'w', 'm' || i, i <> 13, '{"b": {"c": 3}}' from generate_series(3, 100, 10) i;
        analyze;
        """;

    private TestDatabase? _database;

    private TestDatabase Database => _database!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await Database.ExecuteAsync(Modules);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Database.DisposeAsync();

    [Fact]
    [Requirement("B8", "one query for a scope, not one for a module")]
    [Requirement("B22")]
    public async Task Whole_map_of_a_hundred_modules_reads_at_most_a_hundredth_of_the_pages_that_module_by_module_does()
    {
        const string whole = "select resolve_all_modules_for_workspace('w')", single = "select resolve_module_config('w', 'm' || i) from generate_series(1, 100) i";
        await PagesAsync(whole); // the first time plans are made, from pages of the catalogue
        await PagesAsync(single);
        var (atOnce, oneByOne) = (await PagesAsync(whole), await PagesAsync(single));
        Assert.True(atOnce * 100 <= oneByOne, $"{atOnce} and {oneByOne} pages");
        Assert.Equal(
            await Database.ScalarAsync<string>("select jsonb_agg(resolve_module_config('w', module_name) order by tier, module_name)::text from mgmt_cfg_sys_modules"),
            await Database.ScalarAsync<string>("select resolve_all_modules_for_workspace('w')::text"));
    }

    [Fact]
    [Requirement("B22")]
    public async Task Range_is_held_against_a_version_once_for_all_dependencies_on_it()
    {
        await using var connection = await Database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var resolve = new NpgsqlCommand("set local track_functions = 'all'; select resolve_all_modules_for_workspace('w')", connection, transaction);
        await resolve.ExecuteNonQueryAsync();
        await using var calls = new NpgsqlCommand("select calls from pg_stat_xact_user_functions where funcname = 'mgmt_range_contains'", connection, transaction);
        Assert.Equal(1L, await calls.ExecuteScalarAsync()); // 32 modules require ^1.0.0 of others, which are all of version 1.0.0
    }

    // Pages that the query touched, with all that its functions did.
    private async Task<long> PagesAsync(string query)
    {
        var explained = await Database.ScalarAsync<string>($"explain (analyze, buffers, timing off, format json) {query}");
        var plan = JsonSerializer.Deserialize<JsonElement>(explained!)[0].GetProperty("Plan"); // always a row
        return plan.GetProperty("Shared Hit Blocks").GetInt64() + plan.GetProperty("Shared Read Blocks").GetInt64();
    }
}
