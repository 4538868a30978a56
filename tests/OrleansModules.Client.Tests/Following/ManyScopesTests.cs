using System.Globalization;
using Microsoft.Extensions.Logging;
using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.Following;

public sealed class ManyScopesTests
{
    [Fact]
    public async Task Followed_scopes_are_bounded_and_those_asked_about_stay()
    {
        await using var fixture = new ClientFixture(o => o.MaxScopes = 10);
        var kept = await fixture.Client.GetAsync(Workspace(0));
        for (var i = 1; i < 100; i++)
        {
            Assert.NotNull(await fixture.Client.GetAsync(Workspace(i)));
            Assert.Same(kept, fixture.Client.Find(Workspace(0)));
            Assert.InRange(fixture.Client.FollowedCount, 1, 10);
        }

        Assert.True(fixture.Log.Count(5) >= 90);
    }

    [Fact]
    public async Task Scopes_that_do_not_exist_make_room_first()
    {
        await using var fixture = new ClientFixture(o => o.MaxScopes = 3);
        fixture.Service.OnMap = r => r.RequestUri!.AbsolutePath.Contains("/none", StringComparison.Ordinal) ? ScriptedService.Problem(404, "workspace-not-found") : ScriptedService.Map("s1.o1.w1");
        var good = new[] { await fixture.Client.GetAsync(Workspace(1)), await fixture.Client.GetAsync(Workspace(2)) };
        for (var i = 0; i < 50; i++)
        {
            Assert.Null(await fixture.Client.GetAsync(ModuleScope.Workspace(string.Create(CultureInfo.InvariantCulture, $"none-{i}"))));
        }

        Assert.Equal(CopyState.Fresh, fixture.Client.Status(Workspace(1)).State);
        Assert.Same(good[0], fixture.Client.Find(Workspace(1)));
        Assert.Same(good[1], fixture.Client.Find(Workspace(2)));
    }

    [Fact]
    public async Task Configured_and_watched_scopes_are_never_evicted()
    {
        await using var fixture = new ClientFixture(o =>
        {
            o.MaxScopes = 2;
            o.Workspaces.Add("w1");
        });
        using var watching = fixture.Client.OnChange(Workspace(2), _ => { });
        await fixture.Client.GetAsync(Workspace(2));
        Assert.Null(fixture.Client.Find(Workspace(3)));
        Assert.Equal(1, fixture.Log.Count(6));
        Assert.Equal((CopyState.Unknown, CopyProblem.NoRoom), (await fixture.Client.RefreshAsync(Workspace(3)) is var told ? (told.State, told.Problem) : default));
        Assert.Throws<InvalidOperationException>(() => fixture.Client.OnChange(Workspace(3), _ => { }));
        watching.Dispose();
        using var other = fixture.Client.OnChange(Workspace(3), _ => { });
        Assert.NotNull(await fixture.Client.GetAsync(Workspace(3)));
        Assert.NotNull(await fixture.Client.GetAsync(Workspace(1)));
    }

    [Fact]
    public async Task Healthy_service_answers_every_caller_however_many_scopes_they_ask_about()
    {
        await using var fixture = new ClientFixture(o => o.MaxScopes = 20);
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Service.Before = (_, token) => begin.Task.WaitAsync(token);
        var asked = Enumerable.Range(0, 200).Select(i => fixture.Client.GetAsync(Workspace(i)).AsTask()).ToArray();
        begin.SetResult();
        var answers = await Task.WhenAll(asked).Soon("an answer for every caller");
        Assert.All(answers.Index(), a => Assert.Equal(Workspace(a.Index), a.Item!.Scope));
        Assert.InRange(fixture.Client.FollowedCount, 1, 20);
    }

    [Fact]
    public async Task Scope_without_room_is_read_each_time_and_followed_once_there_is_room()
    {
        await using var fixture = new ClientFixture(o => o.MaxScopes = 1);
        var watching = fixture.Client.OnChange(Workspace(1), _ => { });
        await fixture.Client.GetAsync(Workspace(1));
        Assert.NotNull(await fixture.Client.GetAsync(Workspace(2)));
        fixture.Service.OnMap = _ => ScriptedService.Problem(404, "workspace-not-found");
        Assert.Null(await fixture.Client.GetAsync(Workspace(2)));
        fixture.Service.OnMap = _ => ScriptedService.Map("s2.o1.w1");
        Assert.Equal("s2.o1.w1", (await fixture.Client.GetAsync(Workspace(2)))!.Version.ToString());
        Assert.Equal(CopyState.Unknown, fixture.Client.Status(Workspace(2)).State);
        watching.Dispose();
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await fixture.Client.GetAsync(Workspace(2));
        Assert.Equal(CopyState.Fresh, fixture.Client.Status(Workspace(2)).State);
    }

    [Fact]
    public async Task Read_of_a_scope_without_room_gives_up_with_the_patience_of_callers()
    {
        await using var fixture = new ClientFixture(o => o.MaxScopes = 1);
        using var watching = fixture.Client.OnChange(Workspace(1), _ => { });
        await fixture.Client.GetAsync(Workspace(1));
        fixture.Service.Before = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, fixture.Time, token);
        var asked = fixture.Client.GetAsync(Workspace(2)).AsTask();
        await fixture.PassAsync(ClientFixture.FirstMapPatience);
        Assert.Null(await asked.Soon("the caller without a place to be answered"));
    }

    [Fact]
    public async Task Reads_of_scopes_without_room_allocate_nothing()
    {
        await using var fixture = new ClientFixture(o => o.MaxScopes = 1);
        using var watching = fixture.Client.OnChange(Workspace(1), _ => { });
        var wanted = Workspace(2);
        Assert.Null(fixture.Client.Find(wanted));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            fixture.Client.Find(wanted);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Outage_of_the_service_is_one_warning_for_all_scopes()
    {
        await using var fixture = new ClientFixture();
        fixture.Service.OnMap = _ => throw new HttpRequestException("Connection refused");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => fixture.Client.GetAsync(Workspace(i)).AsTask()));
        await fixture.DisposeAsync();
        Assert.Equal((50, 1), (fixture.Log.Count(3), fixture.Log.Lines.Count(l => l is { Id: 3, Level: LogLevel.Warning })));
    }

    [Fact]
    public async Task Reads_are_limited_in_number_and_the_wait_for_one_in_time()
    {
        await using var fixture = new ClientFixture();
        var (reading, full) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        fixture.Service.Before = (_, token) =>
        {
            if (Interlocked.Increment(ref reading) == 8)
            {
                full.SetResult();
            }

            return Task.Delay(Timeout.InfiniteTimeSpan, fixture.Time, token);
        };
        for (var i = 0; i < 8; i++)
        {
            fixture.Client.Find(Workspace(i));
        }

        await full.Task.Soon("eight reads at once");
        var ninth = fixture.Client.RefreshAsync(Workspace(9)).AsTask();
        Assert.Equal(8, fixture.Service.MapReads);
        fixture.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(CopyProblem.Unreachable, (await ninth.Soon("the ninth read to give up")).Problem);
    }

    [Fact]
    public async Task Evicted_scope_closes_its_stream()
    {
        await using var fixture = new ClientFixture(o => o.MaxScopes = 1);
        var stream = await fixture.FollowAsync();
        await fixture.Client.GetAsync(Workspace(1));
        await stream.Closed.Task.Soon("the stream of the evicted scope to be closed");
        Assert.Equal(CopyState.Unknown, fixture.Status.State);
    }

    [Fact]
    [Requirement("D10")]
    public async Task Thousand_askers_share_one_read()
    {
        await using var fixture = new ClientFixture();
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => fixture.Client.GetAsync(ClientFixture.Red).AsTask())));
        Assert.Single(answers.Distinct());
        Assert.Equal(1, fixture.Service.MapReads);
    }

    [Fact]
    public async Task Reads_allocate_nothing()
    {
        await using var fixture = new ClientFixture();
        fixture.Service.OnMap = _ => ScriptedService.Map("s1.o1.w1", Maps.Module("chat", config: """{"limits":{"daily":5},"model":"large"}""", flags: """{"voice":true}"""));
        await fixture.Client.GetAsync(ClientFixture.Red);
        var sum = Read(fixture.Client); // read once, so that everything is compiled
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            sum += Read(fixture.Client);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1001 * 12, sum);

        static int Read(ModulesClient client)
        {
            var red = ClientFixture.Red;
            var chat = client.Find(red)!.Find("chat")!;
            return (client.IsAvailable(red, "chat") ? 1 : 0) + (chat.HasFeature("voice") ? 1 : 0)
                + chat.Config.Get("limits.daily", 0) + chat.Config.Get("model", "")!.Length;
        }
    }

    private static ModuleScope Workspace(int number) => ModuleScope.Workspace(string.Create(CultureInfo.InvariantCulture, $"w{number}"));
}
