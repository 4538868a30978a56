using OrleansModules.Core.Cascade;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tests.Generators;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Tests.Replication;

/// <summary>Which workspaces a node lets go that may hold few.</summary>
public sealed class HotLimitTests
{
    private const int Limit = 10;

    private readonly ModuleTree _tree = new();
    private readonly WatchHub _watches = new();

    private static ScopeId Workspace(int number) => ScopeId.Workspace($"w{number}");

    private HotLimit Fill(int workspaces, bool holdsAll = false, int most = Limit)
    {
        var limit = new HotLimit(_tree, new Replica(_tree, _watches, holdsAll), most);
        _tree.Apply(ScopeId.Org("acme"), World.LayerOf([], null));
        foreach (var i in Enumerable.Range(0, workspaces))
        {
            _tree.Apply(Workspace(i), World.LayerOf([], "acme"));
        }

        return limit;
    }

    [Fact]
    public void As_many_stay_as_the_limit_allows()
    {
        var limit = Fill(35);
        limit.Keep();
        Assert.Equal((Limit, 25), (_tree.WorkspaceCount, limit.Evicted));
        limit.Keep();
        Assert.Equal(Limit, _tree.WorkspaceCount);
        Assert.True(_tree.TryRead(ScopeId.Org("acme"), out _));
    }

    [Fact]
    public void What_is_read_stays_and_what_is_not_goes()
    {
        // A clock is no exact order: few of many are hot, and the tree was once larger than it becomes, so that it is not arranged anew.
        const int Most = 100;
        var limit = Fill(10 * Most, most: Most);
        limit.Keep();
        foreach (var hot in Enumerable.Range(0, 3))
        {
            _tree.Apply(Workspace(hot), World.LayerOf([], "acme"));
        }

        foreach (var i in Enumerable.Range(10 * Most, 200))
        {
            _tree.Apply(Workspace(i), World.LayerOf([], "acme"));
            Assert.All(Enumerable.Range(0, 3), hot => Assert.True(_tree.TryRead(Workspace(hot), out _), $"w{hot} went when w{i} came"));
            limit.Keep();
            Assert.Equal(Most, _tree.WorkspaceCount);
        }
    }

    [Fact]
    public void What_is_watched_or_pinned_stays_even_beyond_the_limit()
    {
        var limit = Fill(30);
        var watches = Enumerable.Range(0, 15).Select(i => _watches.Watch(Workspace(i), "acme")).ToList();
        using (_tree.Pin(Workspace(20), "acme"))
        {
            limit.Keep();
            Assert.Equal(16, _tree.WorkspaceCount);
            Assert.All(Enumerable.Range(0, 15).Append(20), i => Assert.True(_tree.TryRead(Workspace(i), out _)));
        }

        watches.ForEach(w => w.Dispose());
        limit.Keep();
        Assert.Equal(Limit, _tree.WorkspaceCount);
    }

    [Fact]
    public void Node_that_holds_all_lets_nothing_go()
    {
        var limit = Fill(30, holdsAll: true);
        limit.Keep();
        Assert.Equal((30, 0), (_tree.WorkspaceCount, limit.Evicted));
    }

    [Fact]
    [Requirement("L7")]
    public void New_epoch_does_not_stop_it()
    {
        var limit = Fill(30);
        limit.Keep();
        var fresh = new ModuleTree(epoch: 2);
        foreach (var i in Enumerable.Range(0, 50))
        {
            fresh.Apply(Workspace(i), World.LayerOf([], "acme"));
        }

        _tree.Become(fresh);
        limit.Keep();
        Assert.Equal(Limit, _tree.WorkspaceCount);
    }
}
