using System.Text.Json;

namespace OrleansModules.Sql.Tests.Cascade;

public sealed class CascadeCostTests(TestDatabase database) : IClassFixture<TestDatabase>
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

    [Fact]
    [Requirement("B8", "one query for a scope, not one for a module")]
    [Requirement("B22")]
    public async Task Whole_map_of_a_hundred_modules_reads_at_most_a_hundredth_of_the_pages_that_module_by_module_does()
    {
        await database.ExecuteAsync(Modules);
        const string whole = "select resolve_all_modules_for_workspace('w')", single = "select resolve_module_config('w', 'm' || i) from generate_series(1, 100) i";
        await PagesAsync(whole); // the first time plans are made, from pages of the catalogue
        await PagesAsync(single);
        var (atOnce, oneByOne) = (await PagesAsync(whole), await PagesAsync(single));
        Assert.True(atOnce * 100 <= oneByOne, $"{atOnce} and {oneByOne} pages");
        Assert.Equal(
            await database.ScalarAsync<string>("select jsonb_agg(resolve_module_config('w', module_name) order by tier, module_name)::text from mgmt_cfg_sys_modules"),
            await database.ScalarAsync<string>("select resolve_all_modules_for_workspace('w')::text"));
    }

    // Pages that the query touched, with all that its functions did.
    private async Task<long> PagesAsync(string query)
    {
        var explained = await database.ScalarAsync<string>($"explain (analyze, buffers, timing off, format json) {query}");
        var plan = JsonSerializer.Deserialize<JsonElement>(explained!)[0].GetProperty("Plan"); // always a row
        return plan.GetProperty("Shared Hit Blocks").GetInt64() + plan.GetProperty("Shared Read Blocks").GetInt64();
    }
}
