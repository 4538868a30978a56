using OrleansModules.Core.Access;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;
using OrleansModules.Engines.Conformance;

namespace OrleansModules.Core.Tests.Engines;

/// <summary>Two processes on one record: what one changes reaches the other.</summary>
public sealed class FeedFollowerTests : IAsyncDisposable
{
    private static readonly ScopeId Acme = ScopeId.Org("acme");
    private static readonly StoreException Away = new(StoreFailure.Unavailable, "away");

    private readonly MemoryScopeStore _store = new();
    private readonly FakeTimeProvider _time = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private sealed record Node(EmbeddedEngine Engine, ModuleTree Tree, Replica Replica, FeedFollower Follower)
    {
        public async Task<ChangeAnswer> ChangeAsync(ScopeId scope, ScopeCommand command, long? ifRevision = null) =>
            await Engine.ChangeAsync(new ChangeRequest { Scope = scope, Command = command, Actor = "tester", IfRevision = ifRevision }, default);

        public string Revisions(ScopeId scope) => Engine.TryRead(scope, out var view) ? view.Version.ToString() : "none";
    }

    private async Task<Node> StartAsync()
    {
        var (tree, watches) = (new ModuleTree(), new WatchHub());
        var replica = new Replica(tree, watches);
        var follower = new FeedFollower(_store, replica, _time, new FollowOptions());
        var engine = new EmbeddedEngine(_store, tree, watches, replica, follower, _time);
        await engine.StartAsync(default);
        return new Node(engine, tree, replica, follower);
    }

    private static ScopeCommand Register(string name) => new ScopeCommand.RegisterModule(new ModuleDefinition { Name = name, DisplayName = name });

    private static ScopeCommand Override(string body) => new ScopeCommand.PutOverride("kb", JsonObjectValue.Parse(body));

    [Fact]
    [Requirement("C1")]
    public async Task Looks_that_are_asked_for_while_one_is_under_way_share_the_next()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        _store.BeforeHead = () =>
        {
            entered.TrySetResult();
            return release.Task;
        };
        var looks = new List<Task> { two.Follower.CatchUpAsync(default).AsTask() };
        await entered.Task;
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await one.ChangeAsync(ScopeId.System, Register("kb"));
        looks.AddRange(Enumerable.Range(0, 9).Select(_ => two.Follower.CatchUpAsync(default).AsTask()));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        release.SetResult();
        await Task.WhenAll(looks);

        Assert.Equal((2, 1), (two.Follower.Looks, two.Tree.TryReadVersion(ScopeId.System, out var version) ? version.System : -1));
    }

    [Fact]
    [Requirement("C1")]
    public async Task Change_of_another_process_is_taken_in_and_signalled()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        await one.ChangeAsync(ScopeId.System, Register("kb"));
        await one.ChangeAsync(Acme, new ScopeCommand.PutScope("Acme", null));
        await two.Follower.CatchUpAsync(default);
        Assert.Equal("s1.o1", two.Revisions(Acme));

        using var watch = two.Engine.Watch(Acme);
        await one.ChangeAsync(Acme, Override("""{"isEnabled":false}"""));
        await two.Follower.CatchUpAsync(default);
        Assert.True(await watch.WaitAsync(TimeSpan.Zero, default));
        Assert.True(two.Engine.TryRead(Acme, out var view));
        Assert.Equal(("s1.o2", false), (view.Version.ToString(), view.Map.Find("kb")!.IsEnabled));
    }

    [Fact]
    [Requirement("C5")]
    public async Task Lag_is_what_was_heard_of_and_is_not_in_memory()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        await one.ChangeAsync(ScopeId.System, Register("kb"));
        await one.ChangeAsync(Acme, new ScopeCommand.PutScope("Acme", null));
        Assert.Equal(0, two.Follower.Lag);
        two.Replica.Receive(new PushBatch("one", 1, 0, Head: 2, []));
        Assert.Equal(2, two.Follower.Lag);

        await two.Follower.CatchUpAsync(default);
        Assert.Equal(0, two.Follower.Lag);
    }

    [Fact]
    public async Task Hint_makes_the_follower_look_at_once()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        using var stop = new CancellationTokenSource();
        var following = two.Engine.FollowAsync(stop.Token);
        using var watch = two.Engine.Watch(ScopeId.System);
        await one.ChangeAsync(ScopeId.System, Register("kb"));
        _store.Hint();
        Assert.True(await watch.WaitAsync(TimeSpan.FromSeconds(30), default));
        Assert.Equal("s1", two.Revisions(ScopeId.System));
        await stop.CancelAsync();
        await following;
    }

    [Fact]
    [Requirement("L7")]
    public async Task Writer_that_lost_against_another_process_decides_again_on_what_that_left()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        await one.ChangeAsync(ScopeId.System, Register("kb"));
        var answer = Assert.IsType<ChangeAnswer.Accepted>(await two.ChangeAsync(ScopeId.System, Register("chat")));
        Assert.Equal(2, answer.Record.Revision);
        Assert.Equal([FaultCodes.ModuleExists], Assert.IsType<ChangeAnswer.Refused>(await one.ChangeAsync(ScopeId.System, Register("chat"))).Faults.Select(f => f.Code));
        Assert.Equal("s2", one.Revisions(ScopeId.System));
    }

    [Fact]
    public async Task Condition_that_another_process_broke_is_refused_with_the_current_revision()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        await one.ChangeAsync(ScopeId.System, Register("kb"));
        await one.ChangeAsync(Acme, new ScopeCommand.PutScope("Acme", null));
        await two.Follower.CatchUpAsync(default);
        await one.ChangeAsync(Acme, Override("""{"isEnabled":false}"""));
        var refused = Assert.IsType<ChangeAnswer.Refused>(await two.ChangeAsync(Acme, Override("""{"isEnabled":true}"""), ifRevision: 1));
        Assert.Equal((FaultCodes.RevisionMismatch, "s1.o2"), (refused.Faults[0].Code, refused.CurrentVersion.ToString()));
    }

    [Fact]
    public async Task Own_changes_are_not_read_from_the_feed_again()
    {
        var one = await StartAsync();
        await one.ChangeAsync(ScopeId.System, Register("kb"));
        await one.ChangeAsync(Acme, new ScopeCommand.PutScope("Acme", null));
        Assert.Equal(2, one.Follower.Position);
        await one.Follower.CatchUpAsync(default);
        Assert.Equal(0, _store.FeedReads);
    }

    [Fact]
    public async Task Scope_of_which_changes_are_missing_is_loaded_whole()
    {
        var (one, support) = (await StartAsync(), ScopeId.Workspace("support"));
        await one.ChangeAsync(Acme, new ScopeCommand.PutScope("Acme", null));
        await one.ChangeAsync(support, new ScopeCommand.PutScope("Support", "acme"));
        await one.ChangeAsync(support, new ScopeCommand.PutMember("ann", ScopeRole.WsUser));
        var two = await StartAsync();
        Assert.True(two.Tree.Evict(support));
        await one.ChangeAsync(support, new ScopeCommand.PutMember("bob", ScopeRole.WsUser));
        await two.Follower.CatchUpAsync(default);
        Assert.Equal("s0.o1.w3", two.Revisions(support));
        Assert.NotNull(two.Tree.FindLayer(support)!.Access.FindMember("ann"));
    }

    [Fact]
    public void Positions_in_any_order_leave_no_gap_behind()
    {
        var position = new FeedPosition();
        position.Add(3);
        Assert.Equal(0, position.Value);
        position.Add(1);
        Assert.Equal(1, position.Value);
        position.Add(2);
        Assert.Equal(3, position.Value);
    }

    [Fact]
    [Requirement("L7")]
    public async Task Record_restored_from_a_backup_is_loaded_anew_and_versions_still_rise()
    {
        var node = await StartAsync();
        await node.ChangeAsync(ScopeId.System, Register("kb"));
        await node.ChangeAsync(Acme, new ScopeCommand.PutScope("Acme", null));
        node.Engine.TryRead(ScopeId.System, out var kept);
        await node.ChangeAsync(ScopeId.System, Register("lost"));
        node.Engine.TryRead(ScopeId.System, out var before);

        _store.GoBackTo(1);
        _store.Epoch = 1;
        using var watch = node.Engine.Watch(ScopeId.System);
        await node.Follower.CatchUpAsync(default);
        Assert.True(await watch.WaitAsync(TimeSpan.Zero, default));
        Assert.True(node.Engine.TryRead(ScopeId.System, out var after));
        Assert.Equal("e1.s1", after.Version.ToString());
        Assert.True(after.Version.IsAtLeast(before.Version));
        Assert.False(before.Version.IsAtLeast(after.Version));
        Assert.Null(after.Map.Find("lost"));
        Assert.False(node.Engine.TryRead(Acme, out _));

        // What a caller saw before the backup was restored is no base for a change, though the revision is the same.
        var stale = await node.Engine.ChangeAsync(new ChangeRequest { Scope = ScopeId.System, Command = Register("chat"), Actor = "t", IfRevision = 1, IfEpoch = kept.Version.Epoch }, default);
        Assert.Equal([FaultCodes.RevisionMismatch], Assert.IsType<ChangeAnswer.Refused>(stale).Faults.Select(f => f.Code));
        var accepted = Assert.IsType<ChangeAnswer.Accepted>(await node.ChangeAsync(ScopeId.System, Register("chat"), ifRevision: 1));
        Assert.Equal("e1.s2", accepted.Record.Version.ToString());
    }

    [Fact]
    public async Task Record_that_is_away_makes_reads_stale_after_the_lease_and_fresh_again()
    {
        var node = await StartAsync();
        await node.ChangeAsync(ScopeId.System, Register("kb"));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(node.Engine.StaleFor);
        _store.FeedFailure = Away;
        await Assert.ThrowsAsync<StoreException>(async () => await node.Follower.CatchUpAsync(default));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(7), node.Engine.StaleFor);
        Assert.Equal("s1", node.Revisions(ScopeId.System));

        _store.FeedFailure = null;
        await node.Follower.CatchUpAsync(default);
        Assert.Null(node.Engine.StaleFor);
    }

    [Fact]
    public async Task Store_that_was_away_takes_changes_again_once_it_can_be_read()
    {
        var node = await StartAsync();
        using var stop = new CancellationTokenSource();
        _store.Failure = Away;
        await Assert.ThrowsAsync<StoreException>(() => node.ChangeAsync(ScopeId.System, Register("kb")));
        Assert.Equal((true, false), (node.Engine.Status.CanRead, node.Engine.Status.CanChange));
        Assert.Equal("none", node.Revisions(Acme));

        _store.Failure = null;
        var looked = new TaskCompletionSource();
        _store.Waiting = waits => (waits == 2 ? looked : null)?.TrySetResult();
        var following = node.Engine.FollowAsync(stop.Token);
        _store.Hint();
        await looked.Task;
        Assert.True(node.Engine.Status.CanChange);
        await stop.CancelAsync();
        await following;
        Assert.IsType<ChangeAnswer.Accepted>(await node.ChangeAsync(ScopeId.System, Register("kb")));
    }
}
