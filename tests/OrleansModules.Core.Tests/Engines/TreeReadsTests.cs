using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;
using OrleansModules.Engines.Conformance;

namespace OrleansModules.Core.Tests.Engines;

/// <summary>Reads on a node that holds few of the scopes there are.</summary>
public sealed class TreeReadsTests : IAsyncDisposable
{
    private const int Workspaces = 40;

    private readonly MemoryScopeStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static ScopeId Workspace(int number) => ScopeId.Workspace($"w{number}");

    private async Task AppendAsync(ScopeId scope, string? orgId)
    {
        var change = new ChangeRecord
        {
            Scope = scope,
            Revision = 1,
            Kind = ChangeKind.ScopeCreated,
            Version = new MapVersion(scope.Kind, 0, 1, orgId is null ? 0 : 1),
            At = DateTime.UnixEpoch,
            Actor = "tester",
            Properties = new(scope.Id, orgId, IsDeleted: false, null),
        };
        Assert.IsType<AppendResult.Committed>(await _store.AppendAsync(change, LayerFold.Apply(null, change), default));
    }

    [Fact]
    [Invariant("I7")]
    public async Task Every_read_of_what_is_there_finds_it_however_many_push_each_other_out()
    {
        await AppendAsync(ScopeId.Org("acme"), null);
        foreach (var i in Enumerable.Range(0, Workspaces))
        {
            await AppendAsync(Workspace(i), "acme");
        }

        var (tree, watches) = (new ModuleTree(), new WatchHub());
        var replica = new Replica(tree, watches, holdsAll: false);
        using var follower = new FeedFollower(_store, replica, TimeProvider.System, new FollowOptions());
        await follower.LoadAsync(default);
        var limit = new HotLimit(tree, replica, limit: 1);
        var reads = new TreeReads(tree, watches, new ScopeLoader(_store, tree, replica, limit), follower, TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(reader => Task.Run(async () =>
        {
            for (var i = 0; i < 20 * Workspaces; i++)
            {
                var scope = Workspace((i * (reader + 3)) % Workspaces);
                Assert.Equal(ReadStatus.Found, (await reads.ReadAsync(scope, null, TimeSpan.Zero, default)).Status);
                Assert.NotNull(await reads.ReadLayerAsync(scope, default));
            }
        })));

        Assert.True(limit.Evicted > Workspaces, $"Only {limit.Evicted} went.");
        Assert.Equal(ReadStatus.NotFound, (await reads.ReadAsync(Workspace(Workspaces), null, TimeSpan.Zero, default)).Status);
    }
}
