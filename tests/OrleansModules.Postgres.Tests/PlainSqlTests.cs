using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Conformance;
using OrleansModules.Testing;

namespace OrleansModules.Postgres.Tests;

/// <summary>What an operator changes with plain SQL is a change as any other.</summary>
public sealed class PlainSqlTests : FilledStoreTests
{
    [Fact]
    [Requirement("L7", "a change by plain SQL has its revision, its record and its place in the feed")]
    public async Task Feed_after_an_override_by_plain_sql_has_its_record_and_the_layer_follows()
    {
        await Database.ExecuteAsync("insert into mgmt_cfg_ws_modules (ws_id, module_name, is_enabled, config_overrides) values ('support', 'chat', false, '{\"limit\": 7.50}')");

        var record = Assert.Single(await Store.FeedAsync(3, 10, default));
        Assert.Equal((4, Worlds.Workspace, 2, ChangeKind.OverrideSet), (record.Position, record.Scope, record.Revision, record.Kind));
        var change = Assert.Single(record.Overrides);
        Assert.Null(change.Before);
        Assert.False(change.After!.IsEnabled);
        Assert.Equal("""{"limit":7.5}""", change.After.Config.ToString());
        Assert.Equal("postgres", record.Actor);
        await AssertFoldsAsync();
    }

    [Fact]
    [Requirement("K2", "the row of the schedule and the setting are one document")]
    public async Task Schedule_changed_by_the_store_or_by_plain_sql_is_the_same_in_row_and_setting()
    {
        var system = await Worlds.LayerAsync(Store, ScopeId.System);
        var set = Sample.Next(ScopeId.System, system, ChangeKind.SettingsSet) with
        {
            Settings = new SettingsChange(system.Settings, JsonObjectValue.Parse("""{"color":"red","warmingSchedule":{"isEnabled":true,"preset":"always","presets":{},"timeZone":"UTC"}}""")),
        };
        await Store.CommitAsync(set, system);
        Assert.Equal("""{"preset": "always", "presets": {}, "timeZone": "UTC"} true""", await RowAsync());

        await Database.ExecuteAsync("update sys_lambda_config set is_active = false, config_value = config_value || '{\"preset\": \"office-hours\"}' where config_key = 'warming_schedule'");

        var record = Assert.Single(await Store.FeedAsync(4, 10, default));
        Assert.Equal((ScopeId.System, ChangeKind.SettingsSet), (record.Scope, record.Kind));
        Assert.Equal("""{"color":"red","warmingSchedule":{"isEnabled":false,"preset":"office-hours","presets":{},"timeZone":"UTC"}}""", record.Settings!.After.ToString());
        await AssertFoldsAsync();

        await Database.ExecuteAsync("delete from mgmt_cfg_sys_lambda where config_key = 'warming_schedule'");
        Assert.Equal("""{"color":"red"}""", (await Worlds.LayerAsync(Store, ScopeId.System)).Settings.ToString());

        async Task<string?> RowAsync() => await Database.ScalarAsync<string>("select config_value::text || ' ' || is_active from mgmt_cfg_sys_lambda where config_key = 'warming_schedule'");
    }

    [Fact]
    [Requirement("L7", "provenance by plain SQL is that of the same changes by the service")]
    public async Task Layers_after_many_changes_by_plain_sql_and_by_the_store_are_what_the_feed_folds_to()
    {
        await Database.ExecuteAsync("update mgmt_cfg_sys_modules set config = config || '{\"deep\": {\"x\": [1, 2]}}', display_name = 'Chat!' where module_name = 'chat'");
        await Database.ExecuteAsync("insert into mgmt_cfg_org_modules (org_id, module_name, config_overrides) values ('acme', 'chat', '{\"a\": {\"b\": 1, \"c\": 2}}')");
        var org = await Worlds.LayerAsync(Store, Worlds.Org);
        await Store.CommitAsync(Sample.Override(Worlds.Org, org, "chat", null, """{"a":{"b":1,"c":3},"d":4}"""), org);
        await Database.ExecuteAsync("update mgmt_cfg_org_modules set config_overrides = config_overrides || '{\"d\": 5}', feature_flag_overrides = '{\"f\": true}' where org_id = 'acme'");
        await Database.ExecuteAsync("update mgmt_cfg_orgs set name = 'Acme', settings = '{\"theme\": \"dark\"}' where org_id = 'acme'");
        await Database.ExecuteAsync("insert into mgmt_cfg_members (scope_kind, scope_id, subject, role) values ('org', 'acme', 'ann', 'org_admin')");
        await Database.ExecuteAsync("delete from mgmt_cfg_org_modules where org_id = 'acme'");

        await AssertFoldsAsync();
    }

    [Fact]
    public async Task Wait_ends_soon_after_a_change_by_plain_sql()
    {
        await Store.WaitAsync(TimeSpan.FromSeconds(30), default); // What was put in first.
        var waiting = Store.WaitAsync(TimeSpan.FromMinutes(2), default).AsTask();
        await Database.ExecuteAsync("update mgmt_cfg_orgs set name = 'Acme' where org_id = 'acme'");

        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(new FeedHead(0, 4), await Store.HeadAsync(default));
    }

    [Fact]
    public async Task Epoch_raised_by_an_operator_is_read_with_the_head()
    {
        await Database.ExecuteAsync("update mgmt_cfg_epoch set epoch = epoch + 1, reason = 'restored'");

        Assert.Equal(new FeedHead(1, 3), await Store.HeadAsync(default));
    }

    [Theory]
    [Requirement("L7", "a version names the epoch it was made in")]
    [InlineData("update mgmt_cfg_sys_modules set is_enabled = false where module_name = 'chat'", "e2.s2")]
    [InlineData("insert into mgmt_cfg_org_modules (org_id, module_name, is_enabled) values ('acme', 'chat', false)", "e2.s1.o2")]
    [InlineData("insert into mgmt_cfg_ws_modules (ws_id, module_name, is_enabled) values ('support', 'chat', false)", "e2.s1.o1.w2")]
    public async Task Record_by_plain_sql_in_a_later_epoch_and_the_map_it_resolves_to_name_the_epoch(string sql, string version)
    {
        await Store.RaiseEpochAsync("restored", default);
        await Store.RaiseEpochAsync("restored again", default);
        await Database.ExecuteAsync(sql);

        Assert.Equal(version, Assert.Single(await Store.FeedAsync(3, 10, default)).Version.ToString());
        Assert.StartsWith("e2.s", await Database.ScalarAsync<string>("select resolve_module_config('support', 'chat') #>> '{resolution_metadata,version}'"), StringComparison.Ordinal);
        Assert.StartsWith("e2.s", await Database.ScalarAsync<string>("select resolve_org_module_config('acme', 'chat') #>> '{resolution_metadata,version}'"), StringComparison.Ordinal);
    }

    private async Task AssertFoldsAsync()
    {
        var folded = new Dictionary<ScopeId, Layer>();
        foreach (var record in await Sample.AllAsync(Store))
        {
            folded[record.Scope] = LayerFold.Apply(folded.GetValueOrDefault(record.Scope), record);
        }

        var loaded = await Store.LoadAsync([.. folded.Keys], default);
        Assert.Equal(folded.Count, loaded.Count);
        Assert.All(loaded, l => Assert.Equal(Sample.Text(l with { Layer = folded[l.Scope] }), Sample.Text(l)));
    }
}
