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

    [Fact]
    [Invariant("I7")]
    public async Task Every_read_of_what_is_there_finds_it_however_many_push_each_other_out()
    {
        await _store.CreateAsync(ScopeId.Org("acme"), null);
        foreach (var i in Enumerable.Range(0, Workspaces))
        {
            await _store.CreateAsync(Workspace(i), "acme");
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
