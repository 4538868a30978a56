using System.Globalization;
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
        Assert.Null(fixture.Client.Find(Workspace(3)));
        Assert.Null(await fixture.Client.GetAsync(Workspace(3)));
        Assert.Equal(1, fixture.Log.Count(6));
        Assert.Throws<InvalidOperationException>(() => fixture.Client.OnChange(Workspace(3), _ => { }));
        watching.Dispose();
        Assert.NotNull(await fixture.Client.GetAsync(Workspace(3)));
        Assert.NotNull(await fixture.Client.GetAsync(Workspace(1)));
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
