using OrleansModules.Core.Changes;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Conformance;
using OrleansModules.Storage.Postgres;
using OrleansModules.Testing;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Postgres.Tests;

/// <summary>A commit whose answer is lost was made or not; the store finds out and never guesses.</summary>
public sealed class LostAnswerTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private CuttingProxy _proxy = null!;
    private PostgresScopeStore _store = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(empty: true);
        _proxy = new CuttingProxy(_database.Server.Port);
        _store = await Stores.OpenAsync(_proxy.Through(_database.ConnectionString), TimeSpan.FromSeconds(20));
        await Worlds.FillAsync(_store);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _proxy.Dispose();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(CuttingProxy.Cut.Request, null)]
    [InlineData(CuttingProxy.Cut.Answer, null)]
    [InlineData(CuttingProxy.Cut.Request, "named")]
    [InlineData(CuttingProxy.Cut.Answer, "named")]
    [Requirement("L7", "an acknowledged change is never lost and never doubled")]
    internal async Task Append_whose_request_or_answer_is_lost_is_committed_once(CuttingProxy.Cut cut, string? operationId)
    {
        var layer = await Worlds.LayerAsync(_store, Worlds.Org);
        var change = Sample.Put(Worlds.Org, before: layer, name: "new") with { OperationId = operationId };
        _proxy.CutNextCommit(cut);

        var result = Assert.IsType<AppendResult.Committed>(await _store.AppendAsync(change, LayerFold.Apply(layer, change), default));

        Assert.Equal(1, _proxy.Cuts);
        Assert.Equal(4, result.Record.Position);
        Assert.Equal(operationId, result.Record.OperationId);
        Assert.Equal(Sample.Text(result.Record), Sample.Text(Assert.Single(await _store.FeedAsync(3, 10, default))));
    }

    [Fact]
    [Requirement("L7", "an acknowledged change is never lost and never doubled")]
    public async Task Append_of_many_at_once_whose_answer_is_lost_is_committed_once_each()
    {
        for (var round = 0; round < 5; round++)
        {
            _proxy.CutNextCommit(CuttingProxy.Cut.Answer);
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _store.CommitAsync(Sample.Put(Core.Scopes.ScopeId.Org($"org-{round}-{i}")))));
        }

        Assert.Equal(5, _proxy.Cuts);
        Assert.Equal(103, (await Sample.AllAsync(_store)).Count);
    }

    [Theory]
    [InlineData(CuttingProxy.Cut.Request, 3)]
    [InlineData(CuttingProxy.Cut.Answer, 4)]
    internal async Task Append_whose_outcome_cannot_be_found_out_says_so_and_the_store_recovers(CuttingProxy.Cut cut, long head)
    {
        await using var hasty = await Stores.OpenAsync(_proxy.Through(_database.ConnectionString), TimeSpan.FromSeconds(3));
        var layer = await Worlds.LayerAsync(hasty, Worlds.Org);
        var change = Sample.Put(Worlds.Org, before: layer, name: "new");
        _proxy.CloseAfterCut = true;
        _proxy.CutNextCommit(cut);

        var failure = await Assert.ThrowsAsync<StoreException>(async () => await hasty.AppendAsync(change, LayerFold.Apply(layer, change), default));
        Assert.True(failure.OutcomeUnknown);
        Assert.Equal(StoreFailure.Unavailable, failure.Failure);
        failure = await Assert.ThrowsAsync<StoreException>(async () => await hasty.AppendAsync(change, LayerFold.Apply(layer, change), default));
        Assert.False(failure.OutcomeUnknown);

        _proxy.IsClosed = false;
        Assert.Equal(head, (await hasty.HeadAsync(default)).Position);
        layer = await Worlds.LayerAsync(hasty, Worlds.Org);
        await hasty.CommitAsync(Sample.Put(Worlds.Org, before: layer, name: "newer"), layer);
    }
}
