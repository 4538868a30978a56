using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Conformance;
using OrleansModules.Storage.Postgres;
using OrleansModules.Testing;

namespace OrleansModules.Postgres.Tests;

/// <summary>The store on a database that checks for itself, and that several stores share.</summary>
public sealed class IntegrityTests : FilledStoreTests
{
    [Fact]
    [Requirement("L7", "settings, members and tokens are kept as they were")]
    public async Task Layer_with_settings_members_and_tokens_is_read_back()
    {
        var at = Sample.At;
        var token = new AccessToken("t1", "A shell", ScopeRole.Shell, at, at.AddDays(1), [new TokenSecret("hash", at, null)]);
        var layer = await Worlds.LayerAsync(Store, Worlds.Org);
        var change = Sample.Next(Worlds.Org, layer, ChangeKind.MemberSet) with
        {
            Settings = new SettingsChange(JsonObjectValue.Empty, JsonObjectValue.Parse("""{"b":1,"a":{"z":[true]}}""")),
            Members = [new MemberChange("ann", null, ScopeRole.OrgAdmin), new MemberChange("bob", null, ScopeRole.OrgUser)],
            Tokens = [new TokenChange("t1", null, token)],
        };
        layer = await Store.CommitAsync(change, layer);
        var second = Sample.Next(Worlds.Org, layer, ChangeKind.MemberRemoved) with { Members = [new MemberChange("bob", ScopeRole.OrgUser, null)] };
        layer = await Store.CommitAsync(second, layer);

        var stored = new StoredLayer(Worlds.Org, layer);
        Assert.Equal(Sample.Text(stored), Sample.Text(Assert.Single(await Store.LoadAsync([Worlds.Org], default))));
        Assert.Contains(Sample.Text(stored), (await Sample.TextAsync(Store)).Split('\n'));
        Assert.Equal(Sample.Text(stored), Sample.Text(Assert.Single(await Store.ListAsync(new ScopeListQuery(ScopeKind.Org, null, null, 5), default))));
    }

    [Fact]
    public async Task Append_that_the_database_refuses_is_a_conflict_and_takes_no_other_change_along()
    {
        // An override of a module that nobody registered, among changes that are fine.
        var layers = new List<Layer>();
        for (var i = 0; i < 12; i++)
        {
            layers.Add(await Store.CommitAsync(Sample.Put(ScopeId.Org($"org-{i}"))));
        }

        var results = await Task.WhenAll(layers.Select(async (layer, i) =>
        {
            var change = Sample.Override(ScopeId.Org($"org-{i}"), layer, i % 4 == 0 ? "unknown" : "chat", null);
            return await Store.AppendAsync(change, LayerFold.Apply(layer, change), default);
        }));

        Assert.Equal(Enumerable.Range(0, 12).Select(i => i % 4 == 0), results.Select(r => r is AppendResult.Conflict { CurrentRevision: 1 }));
        Assert.Equal(9, results.OfType<AppendResult.Committed>().Count());
        Assert.Equal(3 + 12 + 9, (await Store.HeadAsync(default)).Position);
    }

    [Fact]
    [Requirement("L7", "positions are gapless, and one of many writers wins, over several stores")]
    public async Task Append_by_two_stores_to_the_same_scopes_commits_each_revision_once()
    {
        await using var other = await Stores.OpenAsync(Database.ConnectionString);
        PostgresScopeStore[] stores = [Store, other];
        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            var (store, scope, wins) = (stores[writer % 2], writer < 4 ? Worlds.Org : Worlds.Workspace, 0);
            while (wins < 10)
            {
                var layer = await Worlds.LayerAsync(store, scope);
                var change = Sample.Override(scope, layer, "chat", null, $$"""{"n":{{wins}}}""");
                wins += await store.AppendAsync(change, LayerFold.Apply(layer, change), default) is AppendResult.Committed ? 1 : 0;
            }

            return wins;
        }));

        var feed = await Sample.AllAsync(other);
        Assert.Equal(Enumerable.Range(1, 3 + won.Sum()).Select(i => (long)i), feed.Select(r => r.Position));
        Assert.All(feed.GroupBy(r => r.Scope), g => Assert.Equal(Enumerable.Range(1, g.Count()).Select(i => (long)i), g.Select(r => r.Revision)));
    }

    [Fact]
    public async Task Append_by_two_stores_under_one_operation_id_is_done_once()
    {
        await using var other = await Stores.OpenAsync(Database.ConnectionString);
        PostgresScopeStore[] stores = [Store, other];
        for (var round = 0; round < 10; round++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
            {
                var change = Sample.Put(ScopeId.Org($"org-{round}-{i}")) with { OperationId = $"once-{round}" };
                return await stores[i % 2].AppendAsync(change, LayerFold.Apply(null, change), default);
            }));

            var committed = Assert.Single(results.OfType<AppendResult.Committed>());
            Assert.All(results.OfType<AppendResult.Repeated>(), r => Assert.Equal(Sample.Text(committed.Record), Sample.Text(r.First)));
            Assert.Equal(7, results.OfType<AppendResult.Repeated>().Count());
        }
    }

    [Fact]
    public async Task Records_of_requests_without_a_name_have_none_outside()
    {
        var record = (await Store.FeedAsync(0, 1, default))[0];
        var kept = await Database.ScalarAsync<string>("select operation_id from mgmt_log_changes where position = 1");

        Assert.Null(record.OperationId);
        Assert.NotNull(kept);
        Assert.Null(await Store.FindOperationAsync(kept, default));
    }

    [Fact]
    public async Task LoadAll_many_scopes_is_what_was_appended()
    {
        var expected = new SortedSet<string>(StringComparer.Ordinal);
        var written = await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            var scope = ScopeId.Workspace($"ws-{i}");
            var layer = await Store.CommitAsync(Sample.Put(scope, Worlds.Org.Id, name: i % 3 == 0 ? $"name {i}" : null));
            return new StoredLayer(scope, i % 2 == 0 ? layer : await Store.CommitAsync(Sample.Override(scope, layer, "chat", null), layer));
        }));
        expected.UnionWith(written.Select(Sample.Text));

        var read = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var stored in Store.LoadAllAsync(default))
        {
            read.Add(Sample.Text(stored));
        }

        Assert.Superset(expected, read);
        Assert.Equal(303, read.Count);
        Assert.Equal(expected, (await Store.LoadAsync([.. written.Select(w => w.Scope)], default)).Select(Sample.Text).Order(StringComparer.Ordinal));
    }
}
