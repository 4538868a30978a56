using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Testing;
using Xunit;

namespace OrleansModules.Storage.Conformance;

/// <summary>What every scope store promises about appending and reading back. Inherit it, and say how the store is opened.</summary>
public abstract class ScopeStoreConformance : IAsyncLifetime
{
    private IScopeStore? _store;

    /// <summary>Any organization.</summary>
    protected static ScopeId Org { get; } = ScopeId.Org("org-1");

    /// <summary>The store under test.</summary>
    protected IScopeStore Store => _store ?? throw new InvalidOperationException("Not opened yet.");

    /// <summary>Opens the store of this test: empty at the first call, with what was appended at later ones. It is never open twice.</summary>
    protected abstract Task<IScopeStore> OpenStoreAsync();

    /// <summary>Removes the store of this test, which is closed.</summary>
    protected abstract Task RemoveStoreAsync();

    /// <inheritdoc/>
    public async Task InitializeAsync() => _store = await OpenStoreAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        await RemoveStoreAsync();
    }

    /// <summary>Closes the store and opens it again.</summary>
    protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        _store = await OpenStoreAsync();
    }

    [Fact]
    public async Task Store_nothing_appended_is_empty()
    {
        Assert.Equal(0, (await Store.HeadAsync(default)).Position);
        Assert.Empty(await Store.FeedAsync(0, 10, default));
        Assert.Empty(await Store.LoadAsync([ScopeId.System, Org], default));
        Assert.Empty(await Store.HistoryAsync(new HistoryQuery(Org, null, null, 10), default));
        Assert.Null(await Store.FindOperationAsync("op", default));
        Assert.Equal("", await Sample.TextAsync(Store));
    }

    [Fact]
    [Requirement("L7", "an acknowledged change is kept as it was")]
    public async Task Append_expected_revision_is_committed_and_read_back()
    {
        var change = Sample.Define("chat") with { OperationId = "op-1", Fingerprint = "f" };
        var after = LayerFold.Apply(null, change);

        var result = Assert.IsType<AppendResult.Committed>(await Store.AppendAsync(change, after, default));

        Assert.Equal(1, result.Record.Position);
        var loaded = Assert.Single(await Store.LoadAsync([ScopeId.System], default));
        Assert.Equal(Sample.Text(new StoredLayer(ScopeId.System, after)), Sample.Text(loaded));
        Assert.Equal(Sample.Text(result.Record), Sample.Text(Assert.Single(await Store.FeedAsync(0, 10, default))));
        Assert.Equal(Sample.Text(result.Record), Sample.Text(Assert.Single(await Store.HistoryAsync(new HistoryQuery(ScopeId.System, null, null, 10), default))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(9)]
    [Requirement("L7", "revisions are serial")]
    public async Task Append_other_revision_is_a_conflict_and_changes_nothing(long revision)
    {
        await Store.CommitAsync(Sample.Put(Org));
        var before = await Sample.TextAsync(Store);
        var change = Sample.Put(Org) with { Revision = revision };
        var layer = new ScopeLayer(revision, change.Properties!, []);

        var result = await Store.AppendAsync(change, layer, default);

        Assert.Equal(1, Assert.IsType<AppendResult.Conflict>(result).CurrentRevision);
        Assert.Equal(before, await Sample.TextAsync(Store));
    }

    [Fact]
    public async Task Append_scope_at_revision_zero_second_revision_is_a_conflict()
    {
        var change = Sample.Put(Org) with { Revision = 2 };

        var result = await Store.AppendAsync(change, new ScopeLayer(2, change.Properties!, []), default);

        Assert.Equal(0, Assert.IsType<AppendResult.Conflict>(result).CurrentRevision);
    }

    [Fact]
    public async Task Append_operation_id_used_before_answers_the_first_record()
    {
        var first = Sample.Put(Org) with { OperationId = "op", Fingerprint = "one" };
        var layer = await Store.CommitAsync(first);
        layer = await Store.CommitAsync(Sample.Put(Org, before: layer), layer);
        var second = Sample.Put(Org, before: layer) with { OperationId = "op", Fingerprint = "two" };

        var repeated = Assert.IsType<AppendResult.Repeated>(await Store.AppendAsync(second, LayerFold.Apply(layer, second), default));
        var stale = Assert.IsType<AppendResult.Repeated>(await Store.AppendAsync(first, LayerFold.Apply(null, first), default));

        Assert.Equal(Sample.Text(first with { Position = 1 }), Sample.Text(repeated.First));
        Assert.Equal(Sample.Text(repeated.First), Sample.Text(stale.First));
        Assert.Equal(2, (await Store.HeadAsync(default)).Position);
        Assert.Equal(Sample.Text(repeated.First), Sample.Text((await Store.FindOperationAsync("op", default))!));
        await ReopenAsync();
        Assert.Equal(Sample.Text(repeated.First), Sample.Text((await Store.FindOperationAsync("op", default))!));
    }

    [Fact]
    [Requirement("L7", "one of many writers wins")]
    public async Task Append_concurrently_same_revision_exactly_one_is_committed()
    {
        for (var revision = 1; revision <= 5; revision++)
        {
            var change = Sample.Put(Org) with { Revision = revision };
            var results = await AllAtOnceAsync(24, i => Store.AppendAsync(change with { Actor = $"writer {i}" }, new ScopeLayer(change.Revision, change.Properties!, []), default));

            Assert.Single(results.OfType<AppendResult.Committed>());
            Assert.Equal(23, results.OfType<AppendResult.Conflict>().Count(c => c.CurrentRevision == revision));
        }

        Assert.Equal(5, (await Store.HeadAsync(default)).Position);
    }

    [Fact]
    public async Task Append_concurrently_same_operation_id_is_done_once()
    {
        var results = await AllAtOnceAsync(24, i =>
        {
            var change = Sample.Put(ScopeId.Org($"org-{i}")) with { OperationId = "once" };
            return Store.AppendAsync(change, LayerFold.Apply(null, change), default);
        });

        var committed = Assert.Single(results.OfType<AppendResult.Committed>());
        Assert.All(results.OfType<AppendResult.Repeated>(), r => Assert.Equal(Sample.Text(committed.Record), Sample.Text(r.First)));
        Assert.Equal(1, (await Store.HeadAsync(default)).Position);
    }

    [Fact]
    [Requirement("L7", "positions are gapless and in order of commit")]
    public async Task Feed_after_concurrent_writers_is_gapless_and_folds_to_the_layers()
    {
        await AllAtOnceAsync(8, async i =>
        {
            var scope = ScopeId.Org($"org-{i}");
            var layer = await Store.CommitAsync(Sample.Put(scope));
            for (var j = 0; j < 10; j++)
            {
                layer = await Store.CommitAsync(Sample.Override(scope, layer, $"module-{j % 3}", j % 2 == 0, $$"""{"n":{{j}}}""", clear: j % 5 == 4), layer);
            }

            return layer;
        });

        var feed = await Sample.AllAsync(Store);
        Assert.Equal(Enumerable.Range(1, 88).Select(i => (long)i), feed.Select(r => r.Position));
        var folded = new Dictionary<ScopeId, Layer>();
        foreach (var record in feed)
        {
            folded[record.Scope] = LayerFold.Apply(folded.GetValueOrDefault(record.Scope), record);
        }

        foreach (var stored in await Store.LoadAsync([.. folded.Keys], default))
        {
            Assert.Equal(Sample.Text(new StoredLayer(stored.Scope, folded[stored.Scope])), Sample.Text(stored));
        }
    }

    [Fact]
    public async Task Append_canceled_before_changes_nothing()
    {
        var change = Sample.Put(Org);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.AppendAsync(change, LayerFold.Apply(null, change), new CancellationToken(canceled: true)));

        Assert.Equal(0, (await Store.HeadAsync(default)).Position);
    }

    [Fact]
    [Requirement("L7", "an acknowledged change is never lost")]
    public async Task Reopen_after_changes_everything_is_as_before()
    {
        await FillAsync();
        var before = await Sample.TextAsync(Store);

        await ReopenAsync();

        Assert.Equal(before, await Sample.TextAsync(Store));
        var layer = (await Store.LoadAsync([Org], default))[0].Layer;
        await Store.CommitAsync(Sample.Put(Org, before: layer), layer);
        await ReopenAsync();
        Assert.Equal(layer.Revision + 1, (await Store.LoadAsync([Org], default))[0].Layer.Revision);
    }

    /// <summary>Some of everything: definitions, organizations, workspaces, overrides, a deletion.</summary>
    protected async Task FillAsync()
    {
        var system = await Store.CommitAsync(Sample.Define("chat"));
        system = await Store.CommitAsync(Sample.Define("ai", before: system), system);
        await Store.CommitAsync(Sample.Define("chat", isEnabled: false, before: system), system);
        var org = await Store.CommitAsync(Sample.Put(Org, name: "Ørg"));
        await Store.CommitAsync(Sample.Override(Org, org, "chat", true), org);
        for (var i = 0; i < 5; i++)
        {
            var scope = ScopeId.Workspace($"ws-{i}");
            var layer = await Store.CommitAsync(Sample.Put(scope, Org.Id) with { OperationId = $"create {i}" });
            layer = await Store.CommitAsync(Sample.Override(scope, layer, "ai", false), layer);
            layer = await Store.CommitAsync(Sample.Override(scope, layer, "ai", null, """{"text":"other"}"""), layer);
            if (i == 3)
            {
                await Store.CommitAsync(Sample.Delete(scope, layer), layer);
            }
        }
    }

    /// <summary>Runs work on many threads that begin together.</summary>
    protected static async Task<T[]> AllAtOnceAsync<T>(int count, Func<int, ValueTask<T>> work)
    {
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = Enumerable.Range(0, count).Select(i => Task.Run(async () =>
        {
            await begin.Task;
            return await work(i);
        })).ToList();
        begin.SetResult();
        return await Task.WhenAll(all);
    }
}
