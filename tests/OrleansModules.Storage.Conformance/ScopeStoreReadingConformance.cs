using FsCheck;
using FsCheck.Fluent;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Testing;
using Xunit;

namespace OrleansModules.Storage.Conformance;

/// <summary>What every scope store promises about paging, order and random changes, on top of the rest.</summary>
public abstract class ScopeStoreReadingConformance : ScopeStoreTransferConformance
{
    private const int ScopeCount = 6;

    [Fact]
    public async Task History_pages_newest_first_until_the_first_change()
    {
        var layer = await Store.CommitAsync(Sample.Put(Org));
        for (var i = 2; i <= 10; i++)
        {
            layer = await Store.CommitAsync(Sample.Put(Org, before: layer, name: $"name {i}"), layer);
            await Store.CommitAsync(Sample.Put(ScopeId.Org($"other-{i}")));
        }

        var revisions = new List<long>();
        long? before = null;
        while (await Store.HistoryAsync(new HistoryQuery(Org, null, before, 4), default) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 4);
            revisions.AddRange(page.Select(r => r.Revision));
            before = page[^1].Revision;
        }

        Assert.Equal([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], revisions);
    }

    [Fact]
    public async Task History_of_a_module_has_only_changes_that_touched_it()
    {
        var layer = await Store.CommitAsync(Sample.Put(Org, name: "chat"));
        layer = await Store.CommitAsync(Sample.Override(Org, layer, "chat", true), layer);
        layer = await Store.CommitAsync(Sample.Override(Org, layer, "ai", true, """{"chat":"chat"}"""), layer);
        layer = await Store.CommitAsync(Sample.Override(Org, layer, "chat", null, clear: true), layer);
        await Store.CommitAsync(Sample.Override(Org, layer, "chat-plus", true), layer);

        var history = await Store.HistoryAsync(new HistoryQuery(Org, "chat", null, 10), default);
        var older = await Store.HistoryAsync(new HistoryQuery(Org, "chat", 4, 10), default);

        Assert.Equal([4, 2], history.Select(r => r.Revision));
        Assert.Equal([2], older.Select(r => r.Revision));
    }

    [Fact]
    public async Task History_folded_gives_the_layer_of_every_revision()
    {
        await FillAsync();
        var scope = ScopeId.Workspace("ws-1");
        var now = (await Store.LoadAsync([scope], default))[0];

        var folded = await LayerHistory.AtAsync(Store, scope, now.Layer.Revision, default);

        Assert.Equal(Sample.Text(now), Sample.Text(new StoredLayer(scope, folded!)));
        Assert.Equal(1, (await LayerHistory.AtAsync(Store, scope, 1, default))!.Revision);
        Assert.Null(await LayerHistory.AtAsync(Store, scope, now.Layer.Revision + 1, default));
    }

    [Fact]
    public async Task Feed_any_page_is_the_same_part_of_the_whole()
    {
        await FillAsync();
        var all = (await Store.FeedAsync(0, 1000, default)).Select(Sample.Text).ToList();

        for (var after = 0; after <= all.Count + 1; after++)
        {
            var page = await Store.FeedAsync(after, 3, default);
            Assert.Equal(all.Skip(after).Take(3), page.Select(Sample.Text));
        }
    }

    [Fact]
    public async Task LoadAll_organizations_come_before_workspaces_and_deleted_ones_are_included()
    {
        await FillAsync();
        var kinds = new List<ScopeKind>();
        var deleted = 0;

        await foreach (var stored in Store.LoadAllAsync(default))
        {
            kinds.Add(stored.Scope.Kind);
            deleted += stored.Layer.IsDeleted ? 1 : 0;
            await Store.CommitAsync(Sample.Put(ScopeId.Org($"meanwhile-{kinds.Count}")));
        }

        Assert.Equal([ScopeKind.System, ScopeKind.Org, .. Enumerable.Repeat(ScopeKind.Workspace, 5)], kinds);
        Assert.Equal(1, deleted);
    }

    [Fact]
    public async Task List_pages_are_ordered_ordinally_without_deleted_scopes()
    {
        string[] ids = ["b", "B", "a.1", "a-1", "a_1", "Z", "a1", "c"];
        foreach (var id in ids)
        {
            await Store.CommitAsync(Sample.Put(ScopeId.Workspace(id), Org.Id));
            await Store.CommitAsync(Sample.Put(ScopeId.Workspace("other-" + id), "org-2"));
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), await ListAsync(ScopeKind.Workspace, Org.Id));
        var deleted = (await Store.LoadAsync([ScopeId.Workspace("a1")], default))[0].Layer;
        deleted = await Store.CommitAsync(Sample.Delete(ScopeId.Workspace("a1"), deleted), deleted);
        await Store.CommitAsync(Sample.Put(ScopeId.Workspace("aa"), Org.Id));

        string[] left = [.. ids.Where(id => !id.Equals("a1", StringComparison.Ordinal)), "aa"];
        Assert.Equal(left.Order(StringComparer.Ordinal), await ListAsync(ScopeKind.Workspace, Org.Id));
        Assert.Equal(left.Concat(ids.Select(id => "other-" + id)).Order(StringComparer.Ordinal), await ListAsync(ScopeKind.Workspace, null));
        Assert.Empty(await ListAsync(ScopeKind.Workspace, "org-3"));

        await Store.CommitAsync(Sample.Put(ScopeId.Workspace("a1"), Org.Id, deleted), deleted);
        await Store.CommitAsync(Sample.Put(ScopeId.Workspace("0"), Org.Id));
        Assert.Equal(left.Append("a1").Append("0").Order(StringComparer.Ordinal), await ListAsync(ScopeKind.Workspace, Org.Id));
        await ReopenAsync();
        Assert.Equal(left.Append("a1").Append("0").Order(StringComparer.Ordinal), await ListAsync(ScopeKind.Workspace, Org.Id));
    }

    [Fact]
    public async Task List_organizations_pages_are_ordered()
    {
        var ids = Enumerable.Range(0, 30).Select(i => $"org-{i * 7 % 30}").ToList();
        foreach (var id in ids)
        {
            await Store.CommitAsync(Sample.Put(ScopeId.Org(id)));
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), await ListAsync(ScopeKind.Org, null));
    }

    [Fact]
    [Requirement("L7", "random changes: feed, layers and histories agree, before and after opening again")]
    public void Store_random_changes_agree_with_a_model_after_reopening()
    {
        var steps = Gen.Choose(0, 999).ListOf().Select(list => list.ToArray()).ToArbitrary();
        var offset = 0;
        Prop.ForAll(steps, choices => AgreesAsync(choices, offset += ScopeCount).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    private async Task<bool> AgreesAsync(int[] choices, int firstScope)
    {
        // Scopes of its own for every sequence, so that one store serves them all.
        var model = new Dictionary<ScopeId, List<ChangeRecord>>();
        var layers = new Dictionary<ScopeId, Layer>();
        foreach (var choice in choices)
        {
            var scope = choice % ScopeCount == 0 ? ScopeId.Org($"o-{firstScope}") : ScopeId.Workspace($"w-{firstScope + (choice % ScopeCount)}");
            var before = layers.GetValueOrDefault(scope);
            var change = Change(scope, before, choice / ScopeCount);
            layers[scope] = await Store.CommitAsync(change, before);
            if (!model.TryGetValue(scope, out var history))
            {
                model[scope] = history = [];
            }

            history.Insert(0, change with { Position = (await Store.HeadAsync(default)).Position });
        }

        await ReopenAsync();
        foreach (var (scope, history) in model)
        {
            var loaded = (await Store.LoadAsync([scope], default))[0];
            var read = await Store.HistoryAsync(new HistoryQuery(scope, null, null, 1000), default);
            if (!history.Select(Sample.Text).SequenceEqual(read.Select(Sample.Text), StringComparer.Ordinal)
                || !Sample.Text(loaded).Equals(Sample.Text(new StoredLayer(scope, layers[scope])), StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static ChangeRecord Change(ScopeId scope, Layer? before, int choice) => before is null or { IsDeleted: true } || choice % 5 == 0
        ? Sample.Put(scope, scope.Kind == ScopeKind.Workspace ? Org.Id : null, before, $"name {choice}")
        : choice % 11 == 1
            ? Sample.Delete(scope, before)
            : Sample.Override(scope, before, $"module-{choice % 3}", choice % 2 == 0, $$"""{"n":{{choice}}}""", clear: choice % 7 == 2);

    private async Task<List<string>> ListAsync(ScopeKind kind, string? orgId)
    {
        var ids = new List<string>();
        while (await Store.ListAsync(new ScopeListQuery(kind, orgId, ids.LastOrDefault(), 3), default) is { Count: > 0 } page)
        {
            ids.AddRange(page.Select(s => s.Scope.Id));
        }

        return ids;
    }
}
