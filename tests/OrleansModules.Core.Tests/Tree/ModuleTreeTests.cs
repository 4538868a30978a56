using OrleansModules.Core.Bodies;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tests.Generators;
using OrleansModules.Core.Tests.Oracle;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Tests.Tree;

public sealed class ModuleTreeTests
{
    private static readonly ScopeId Org = World.OrgScope;
    private static readonly ScopeId Workspace = World.WorkspaceScope;

    [Fact]
    [Requirement("L7"), Requirement("L8")]
    public void Any_sequence_of_operations_answers_as_the_model_does() => Laws.HoldForDice(400, dice => new TreeModel(dice).Run(60));

    [Fact]
    [Requirement("L7")]
    public void Older_or_equal_layer_is_ignored()
    {
        var tree = new ModuleTree();
        var (world, other) = (new Dice(1).World(), new Dice(2).World());
        Assert.True(tree.Apply(ScopeId.System, world.SystemLayer(5)));
        Assert.False(tree.Apply(ScopeId.System, other.SystemLayer(5)));
        Assert.False(tree.Apply(ScopeId.System, other.SystemLayer(4)));
        Assert.True(tree.Apply(Org, world.OrgLayer(2)));
        Assert.False(tree.Apply(Org, other.OrgLayer(2)));
        Assert.True(tree.Apply(Workspace, world.WorkspaceLayer(3)));
        Assert.False(tree.Apply(Workspace, other.WorkspaceLayer(1)));
        Assert.True(tree.TryRead(Workspace, out var view));
        Assert.Equal("s5.o2.w3", view.Version.ToString());
        MapAssert.Says(NaiveCascade.Map(world, ScopeKind.Workspace), view.Map);
    }

    [Fact]
    public void Scope_that_is_unknown_deleted_or_below_a_deleted_one_cannot_be_read()
    {
        var tree = new ModuleTree();
        Assert.True(tree.TryRead(ScopeId.System, out var empty));
        Assert.Equal("s0", empty.Version.ToString());
        Assert.Empty(empty.Map);
        Assert.False(tree.TryRead(Org, out _));
        Assert.False(tree.TryRead(Workspace, out _));

        tree.Apply(Workspace, World.LayerOf([], Org.Id));
        Assert.False(tree.TryRead(Workspace, out _));
        Assert.False(tree.TryRead(Org, out _));
        tree.Apply(Org, World.LayerOf([], null));
        Assert.True(tree.TryRead(Workspace, out _));

        tree.Apply(Org, Deleted(2, null));
        Assert.False(tree.TryRead(Org, out _));
        Assert.False(tree.TryRead(Workspace, out _));
        Assert.True(tree.FindLayer(Org)!.IsDeleted);

        tree.Apply(Org, World.LayerOf([], null, 3));
        tree.Apply(Workspace, Deleted(2, Org.Id));
        Assert.False(tree.TryRead(Workspace, out _));
        Assert.True(tree.TryRead(Org, out _));
    }

    [Fact]
    public void Pinned_workspace_is_not_evicted_until_every_pin_is_disposed()
    {
        var tree = Filled(new Dice(3).World());
        var (first, second) = (tree.Pin(Workspace, Org.Id), tree.Pin(Workspace, Org.Id));
        Assert.False(tree.Evict(Workspace));
        first.Dispose();
        first.Dispose();
        Assert.False(tree.Evict(Workspace));
        second.Dispose();
        Assert.True(tree.Evict(Workspace));
        Assert.False(tree.Evict(Workspace));
        Assert.False(tree.TryRead(Workspace, out _));
        Assert.Null(tree.FindLayer(Workspace));
        Assert.Equal(0, tree.WorkspaceCount);
        Assert.False(tree.Evict(Org));
        Assert.False(tree.Evict(ScopeId.System));
    }

    [Fact]
    [Requirement("L7", "a layer pushed while another is loaded is not lost")]
    public void Layer_pushed_during_a_load_survives_the_older_one_that_was_loaded()
    {
        var world = new Dice(4).World();
        var tree = Filled(world);
        tree.Evict(Workspace);
        using (tree.Pin(Workspace, Org.Id))
        {
            Assert.False(tree.TryRead(Workspace, out _));
            Assert.True(tree.Apply(Workspace, world.WorkspaceLayer(9)));
            Assert.False(tree.Apply(Workspace, world.WorkspaceLayer(8)));
        }

        Assert.True(tree.TryRead(Workspace, out var view));
        Assert.Equal(9, view.Version.Workspace);
    }

    [Fact]
    public void Scope_that_cannot_be_pinned_is_refused()
    {
        var tree = new ModuleTree();
        Assert.Throws<ArgumentException>(() => tree.Pin(ScopeId.System));
        Assert.Throws<ArgumentException>(() => tree.Pin(Workspace));
        Assert.Throws<ArgumentException>(() => tree.Apply(Workspace, World.LayerOf([], null)));
        Assert.Equal(0, tree.WorkspaceCount);
    }

    [Fact]
    [Requirement("L8")]
    public void Workspaces_that_say_nothing_share_the_map_of_their_organization()
    {
        var world = new Dice(5).World();
        var tree = Filled(world);
        var others = Enumerable.Range(0, 50).Select(i => ScopeId.Workspace($"w{i}")).ToList();
        others.ForEach(w => tree.Apply(w, World.LayerOf([], Org.Id)));
        tree.TryRead(Org, out var org);
        Assert.All(others, w => Assert.Same(org.Map, Read(tree, w).Map));
        Assert.Same(org.Map.Bodies, Read(tree, others[0]).Map.Bodies);
        Assert.Equal((51, 1), (tree.WorkspaceCount, tree.OrgCount));
    }

    [Fact]
    [Requirement("L7", "two reads without a change between them give the same object")]
    public void Read_again_gives_the_same_map_object()
    {
        var tree = Filled(Overriding());
        var first = Read(tree, Workspace).Map;
        Assert.NotSame(Read(tree, Org).Map, first);
        Assert.Same(first, Read(tree, Workspace).Map);
        tree.Apply(ScopeId.System, Overriding().SystemLayer(2));
        Assert.NotSame(first, Read(tree, Workspace).Map);
    }

    [Fact]
    [Requirement("2", "a hot read allocates nothing")]
    public void Hot_read_allocates_nothing()
    {
        var world = Overriding();
        var tree = Filled(world);
        var shared = ScopeId.Workspace("shared");
        tree.Apply(shared, World.LayerOf([], Org.Id));
        var module = world.Definitions.First(d => !d.IsRemoved).Name;
        var cache = new BodyCache(1 << 20);
        foreach (var scope in new[] { shared, Workspace, Org, ScopeId.System })
        {
            Assert.Equal(0, Allocated(() => tree.TryRead(scope, out var view) && view.Map.Find(module) is not null));
            Assert.Equal(0, Allocated(() => tree.TryRead(scope, out var view) && view.Map.Find("no-such-module") is null));
            Assert.Equal(0, Allocated(() => tree.TryRead(scope, out var view) && view.Map.Bodies.Modules(ContentCoding.Gzip, cache).Start.Length > 0));
            Assert.Equal(0, Allocated(() => tree.TryRead(scope, out var view) && view.Map.Find(module)!.Utf8(cache).Length > 0));
        }
    }

    private static long Allocated(Func<bool> read)
    {
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(read());
        }

        var failed = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            if (!read())
            {
                failed++;
            }
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, failed);
        return allocated;
    }

    private static ScopeView Read(ModuleTree tree, ScopeId scope)
    {
        Assert.True(tree.TryRead(scope, out var view), scope.ToString());
        return view;
    }

    private static ScopeLayer Deleted(long revision, string? orgId) => new(revision, new ScopeProperties(null, orgId, IsDeleted: true, null), []);

    // A world in which both levels override something that is there.
    private static World Overriding()
    {
        var world = Enumerable.Range(10, 100).Select(seed => new Dice(seed).World()).First(w => w.Resolve() is var (s, o, k) && s != o && o != k);
        return world;
    }

    private static ModuleTree Filled(World world)
    {
        var tree = new ModuleTree();
        tree.Apply(ScopeId.System, world.SystemLayer());
        tree.Apply(Org, world.OrgLayer());
        tree.Apply(Workspace, world.WorkspaceLayer());
        return tree;
    }
}
