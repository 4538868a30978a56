using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.Following;

public sealed class FollowingTests
{
    private static ModuleScope Red => ClientFixture.Red;

    [Fact]
    [Requirement("C1")]
    public async Task First_question_starts_and_the_answer_comes()
    {
        await using var fixture = new ClientFixture();
        var held = new TaskCompletionSource();
        fixture.Service.Before = (_, token) => held.Task.WaitAsync(token);
        Assert.Null(fixture.Client.Find(Red));
        Assert.False(fixture.Client.IsAvailable(Red, "chat"));
        Assert.Equal(CopyState.Unknown, fixture.Status.State);
        held.SetResult();
        Assert.NotNull(await fixture.Client.GetAsync(Red));
        Assert.True(fixture.Client.IsAvailable(Red, "chat"));
        Assert.False(fixture.Client.IsAvailable(Red, "unknown"));
        Assert.Equal(new ScopeStatus(CopyState.Fresh, new MapVersion(1, 1, 1), TimeSpan.Zero, CopyProblem.None, null), fixture.Status);
        Assert.Equal("/base/api/platform/workspaces/red/modules", fixture.Service.Requests.First().RequestUri!.PathAndQuery);
    }

    [Fact]
    [Requirement("C1")]
    [Requirement("C7")]
    public async Task Event_brings_the_new_map_and_calls_watchers()
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        var changes = new List<ModuleChange>();
        using var watching = fixture.Client.OnChange(Red, changes.Add);
        fixture.Service.OnMap = _ => ScriptedService.Map("s2.o1.w1", Maps.Module("chat", isAvailable: false));
        await stream.SendVersionAsync("s2.o1.w1");
        Assert.False(fixture.Client.IsAvailable(Red, "chat"));
        Assert.Equal(["chat"], Assert.Single(changes).Changed.ToArray());
        Assert.Equal("?atLeast=s2.o1.w1", fixture.Service.Requests.Last().RequestUri!.Query);
        Assert.Equal("\"s1.o1.w1\"", fixture.Service.Requests.Last().Headers.IfNoneMatch.Single().Tag);
        watching.Dispose();
        fixture.Service.OnMap = _ => ScriptedService.Map("s3.o1.w1");
        await stream.SendVersionAsync("s3.o1.w1");
        Assert.Single(changes);
    }

    [Fact]
    public async Task Watcher_that_throws_is_logged_and_the_others_are_called()
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        var called = 0;
        using var bad = fixture.Client.OnChange(Red, _ => throw new InvalidOperationException("As scripted."));
        using var good = fixture.Client.OnChange(Red, _ => called++);
        fixture.Service.OnMap = _ => ScriptedService.Map("s2.o1.w1");
        await stream.SendVersionAsync("s2.o1.w1");
        Assert.Equal(1, called);
        Assert.Equal(1, fixture.Log.Count(9));
    }

    [Fact]
    public async Task Events_told_while_a_map_was_read_cost_one_read()
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        fixture.Service.OnMap = _ => ScriptedService.Map("s4.o1.w1");
        var before = fixture.Service.MapReads;
        await stream.SendAsync(Maps.Event("s2.o1.w1") + Maps.Event("s3.o1.w1") + Maps.Event("s4.o1.w1"));
        Assert.Equal(before + 1, fixture.Service.MapReads);
        Assert.Equal("s4.o1.w1", fixture.Status.Version.ToString());
    }

    [Fact]
    public async Task Reconnect_says_the_last_version_and_up_to_date_needs_no_read()
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        stream.Write("event: bye\ndata: {}\n\n");
        await fixture.PassAsync(TimeSpan.FromSeconds(2)); // what retry said
        var next = await fixture.Service.StreamAsync();
        await next.SendAsync("retry: 1000\n\n: up to date\n\n");
        Assert.Equal("s1.o1.w1", fixture.Service.Requests.Last().Headers.GetValues("Last-Event-ID").Single());
        Assert.Equal(1, fixture.Service.MapReads);
        Assert.Equal((CopyState.Fresh, TimeSpan.Zero), (fixture.Status.State, fixture.Status.Age));
    }

    [Fact]
    public async Task Change_in_the_gap_is_seen_after_the_reconnect()
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        stream.End(new IOException("The network is gone."));
        await fixture.PassAsync(TimeSpan.FromMilliseconds(500));
        fixture.Service.OnMap = _ => ScriptedService.Map("s1.o1.w2", Maps.Module("chat", isAvailable: false));
        await (await fixture.Service.StreamAsync()).SendVersionAsync("s1.o1.w2");
        Assert.False(fixture.Client.IsAvailable(Red, "chat"));
        Assert.Equal(CopyProblem.None, fixture.Status.Problem);
    }

    [Fact]
    public async Task Deleted_scope_shows_nothing_and_comes_back_with_its_versions_going_on()
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        var changes = new List<ModuleChange>();
        using var watching = fixture.Client.OnChange(Red, changes.Add);
        fixture.Service.OnMap = _ => ScriptedService.Problem(404, "workspace-not-found");
        stream.Write("event: deleted\ndata: {}\n\n");
        await fixture.PassAsync(TimeSpan.FromSeconds(2));
        await fixture.Time.ArmedAsync(TimeSpan.FromMilliseconds(500));
        Assert.Null(fixture.Client.Find(Red));
        Assert.Equal(CopyState.NotFound, fixture.Status.State);
        Assert.Null(Assert.Single(changes).Snapshot);
        fixture.Service.OnMap = _ => ScriptedService.Map("s1.o1.w3", Maps.Module("chat"));
        fixture.Time.Advance(TimeSpan.FromMilliseconds(500));
        await (await fixture.Service.StreamAsync()).SendVersionAsync("s1.o1.w3");
        Assert.True(fixture.Client.IsAvailable(Red, "chat"));
    }

    [Fact]
    [Requirement("L7")]
    public async Task Lower_version_is_never_shown()
    {
        await using var fixture = new ClientFixture();
        fixture.Service.OnMap = _ => ScriptedService.Map("s5.o5.w5", Maps.Module("chat"));
        var stream = await fixture.FollowAsync("s5.o5.w5");
        fixture.Service.OnMap = _ => ScriptedService.Map("s6.o4.w5"); // a node that knows of another change, and not of all
        stream.Write(Maps.Event("s6.o4.w5"));
        await fixture.Time.ArmedAsync(TimeSpan.FromMilliseconds(500));
        Assert.Equal("?atLeast=s6.o5.w5", fixture.Service.Requests.Last().RequestUri!.Query);
        Assert.True(fixture.Client.IsAvailable(Red, "chat"));
        Assert.Equal(("s5.o5.w5", CopyProblem.Behind), (fixture.Status.Version.ToString(), fixture.Status.Problem));
    }

    [Fact]
    [Requirement("L7")]
    public async Task Node_that_is_behind_is_left_for_another()
    {
        await using var fixture = new ClientFixture();
        fixture.Service.OnMap = _ => ScriptedService.Map("s5.o5.w5", Maps.Module("chat"));
        await fixture.Client.GetAsync(Red);
        (await fixture.Service.StreamAsync()).Write(Maps.Event("s4.o5.w5"));
        await fixture.PassAsync(TimeSpan.FromMilliseconds(500));
        await (await fixture.Service.StreamAsync()).SendVersionAsync("s5.o5.w5");
        Assert.Equal(("s5.o5.w5", CopyProblem.None), (fixture.Status.Version.ToString(), fixture.Status.Problem));
    }

    [Fact]
    [Requirement("C8")]
    public async Task Refresh_reads_now()
    {
        await using var fixture = new ClientFixture();
        await fixture.FollowAsync();
        fixture.Service.OnMap = _ => ScriptedService.Map("s2.o1.w1");
        Assert.Equal("s2.o1.w1", (await fixture.Client.RefreshAsync(Red)).Version.ToString());
        fixture.Service.OnMap = _ => ScriptedService.Problem(503, "busy");
        Assert.Equal(CopyProblem.Unavailable, (await fixture.Client.RefreshAsync(Red)).Problem);
    }

    [Fact]
    public async Task Organization_is_followed_as_a_workspace_is()
    {
        await using var fixture = new ClientFixture();
        fixture.Service.OnMap = _ => ScriptedService.Map("s1.o1", Maps.Module("chat"));
        Assert.True((await fixture.Client.GetAsync(ModuleScope.Org("acme")))!.IsAvailable("chat"));
        Assert.Equal("/base/api/platform/orgs/acme/modules", fixture.Service.Requests.First().RequestUri!.AbsolutePath);
    }

    [Fact]
    public async Task No_scope_is_a_fault_of_the_caller()
    {
        await using var fixture = new ClientFixture();
        Assert.Throws<ArgumentException>(() => fixture.Client.Find(default));
        Assert.Throws<ArgumentException>(() => fixture.Client.OnChange(default, _ => { }));
    }

    [Fact]
    public async Task Disposed_client_closes_its_streams_and_answers_on()
    {
        var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        await fixture.DisposeAsync();
        await stream.Closed.Task.Soon("the stream to be closed");
        Assert.True(fixture.Client.IsAvailable(Red, "chat"));
        Assert.Null(fixture.Client.Find(ModuleScope.Workspace("blue")));
        Assert.Throws<ObjectDisposedException>(() => fixture.Client.OnChange(Red, _ => { }));
        await fixture.DisposeAsync();
    }
}
