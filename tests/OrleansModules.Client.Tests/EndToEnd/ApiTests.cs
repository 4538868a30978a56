using System.Threading.Channels;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.EndToEnd;

/// <summary>The client beside the real API, in memory and on a port.</summary>
public sealed class ApiTests
{
    private static readonly ModuleScope W1 = ModuleScope.Workspace("w1");
    private static readonly ModuleScope Acme = ModuleScope.Org("acme");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Requirement("C1")]
    [Requirement("C9")]
    public async Task Change_of_any_scope_above_reaches_the_copy(bool onKestrel)
    {
        await using var api = await StartAsync(onKestrel);
        await using var client = ClientOf(api);
        var changes = Channel.CreateUnbounded<ModuleChange>();
        using var watching = client.OnChange(W1, c => changes.Writer.TryWrite(c));
        Assert.Equal(100, (await client.GetAsync(W1))!.Find("chat")!.Config.Get("limits.daily", 0));

        (await api.PutAsync($"{Requests.Orgs}/acme/modules/chat", """{"configOverrides":{"limits":{"daily":500}},"featureFlagOverrides":{"voice":true}}""")).Is(200);
        var change = await NextAsync(changes, c => c.Snapshot!.Find("chat")!.Config.Get("limits.daily", 0) == 500);
        Assert.Equal(["chat"], change.Changed.ToArray());
        Assert.True(change.Snapshot!.Find("chat")!.HasFeature("voice"));

        (await api.PutAsync($"{Requests.Workspaces}/w1/modules/chat", """{"isEnabled":false}""")).Is(200);
        change = await NextAsync(changes, c => !c.Snapshot!.IsAvailable("chat"));
        Assert.Equal([new ModuleReason("disabled-by-workspace", "workspace/w1", null)], change.Snapshot!.Find("chat")!.Reasons.ToArray());

        await api.RegisterAsync("kb");
        await NextAsync(changes, c => c.Snapshot!.IsAvailable("kb"));
        Assert.Equal(CopyState.Fresh, client.Status(W1).State);

        (await api.SendAsync(HttpMethod.Delete, $"{Requests.Workspaces}/w1", null)).Is(200);
        await NextAsync(changes, c => c.Snapshot is null);
        Assert.Equal(CopyState.NotFound, client.Status(W1).State);
    }

    [Fact]
    public async Task Organization_and_workspaces_are_followed_side_by_side()
    {
        await using var api = await StartAsync(onKestrel: true);
        await using var client = ClientOf(api);
        Assert.True((await client.GetAsync(Acme))!.IsAvailable("chat"));
        Assert.True((await client.GetAsync(W1))!.IsAvailable("chat"));
        var changes = Channel.CreateUnbounded<ModuleChange>();
        using var org = client.OnChange(Acme, c => changes.Writer.TryWrite(c));
        using var workspace = client.OnChange(W1, c => changes.Writer.TryWrite(c));
        (await api.PutAsync($"{Requests.Orgs}/acme/modules/chat", """{"isEnabled":false}""")).Is(200);
        await NextAsync(changes, c => !c.Snapshot!.IsAvailable("chat"));
        await NextAsync(changes, c => !c.Snapshot!.IsAvailable("chat"));
        Assert.False(client.IsAvailable(Acme, "chat") || client.IsAvailable(W1, "chat"));
    }

    [Fact]
    public async Task Scope_that_does_not_exist_is_found_when_it_is_created()
    {
        await using var api = await StartAsync(onKestrel: false);
        await using var client = ClientOf(api, o => (o.MinRetryDelay, o.MaxRetryDelay) = (TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20)));
        var late = ModuleScope.Workspace("late");
        Assert.Null(await client.GetAsync(late));
        Assert.Equal(CopyState.NotFound, client.Status(late).State);
        var changes = Channel.CreateUnbounded<ModuleChange>();
        using var watching = client.OnChange(late, c => changes.Writer.TryWrite(c));
        (await api.PutAsync($"{Requests.Workspaces}/late", """{"orgId":"acme"}""")).Is(201);
        await NextAsync(changes, c => c.Snapshot?.IsAvailable("chat") is true);
    }

    [Fact]
    [Requirement("C5")]
    public async Task Restart_of_the_service_is_bridged_and_the_change_meanwhile_is_seen()
    {
        var reachable = await StartAsync(onKestrel: false);
        var handler = new SwitchHandler { Inner = new HttpMessageInvoker(reachable.App.GetTestServer().CreateHandler()) };
        await using var client = new ModulesClient(new ModulesClientOptions
        {
            Address = new Uri("http://localhost"),
            Token = ApiFixture.Bootstrap,
            FirstMapPatience = Waiting.Patience,
            CreateHandler = () => handler,
            MinRetryDelay = TimeSpan.FromMilliseconds(20),
            MaxRetryDelay = TimeSpan.FromMilliseconds(20),
        });
        var before = (await client.GetAsync(W1))!.Version;
        await reachable.App.StopAsync();
        await reachable.DisposeAsync();
        Assert.True(client.IsAvailable(W1, "chat"));

        // The same history and one change more.
        await using var restarted = await StartAsync(onKestrel: false);
        (await restarted.PutAsync($"{Requests.Workspaces}/w1/modules/chat", """{"isEnabled":false}""")).Is(200);
        var changes = Channel.CreateUnbounded<ModuleChange>();
        using var watching = client.OnChange(W1, c => changes.Writer.TryWrite(c));
        handler.Inner = new HttpMessageInvoker(restarted.App.GetTestServer().CreateHandler());
        var change = await NextAsync(changes, c => !c.Snapshot!.IsAvailable("chat"));
        Assert.True(change.Snapshot!.Version.Includes(before));
    }

    [Fact]
    public async Task Heartbeats_of_the_service_keep_the_copy_fresh()
    {
        await using var api = await StartAsync(onKestrel: true, ("HeartbeatInterval", "00:00:00.050"));
        await using var client = ClientOf(api);
        await client.GetAsync(W1);
        var changes = Channel.CreateUnbounded<ModuleChange>();
        using var watching = client.OnChange(W1, c => changes.Writer.TryWrite(c));
        for (var i = 0; i < 10; i++)
        {
            (await api.PutAsync($"{Requests.Workspaces}/w1/modules/chat", $$$"""{"configOverrides":{"n":{{{i}}}}}""")).Is(200);
            await NextAsync(changes, c => c.Snapshot!.Find("chat")!.Config.Get("n", -1) == i);
        }

        Assert.Equal((CopyState.Fresh, CopyProblem.None), (client.Status(W1).State, client.Status(W1).Problem));
    }

    private static async Task<ApiFixture> StartAsync(bool onKestrel, params (string Name, string Value)[] settings)
    {
        var api = await ApiFixture.StartAsync(onKestrel, settings);
        await api.RegisterAsync("chat", "\"config\":{\"limits\":{\"daily\":100}},\"featureFlags\":{\"voice\":false}");
        await api.ScopesAsync();
        return api;
    }

    private static ModulesClient ClientOf(ApiFixture api, Action<ModulesClientOptions>? configure = null)
    {
        var options = new ModulesClientOptions { Address = api.Client.BaseAddress, FirstMapPatience = Waiting.Patience, Token = ApiFixture.Bootstrap };
        if (api.App.Services.GetRequiredService<IServer>() is TestServer server)
        {
            options.CreateHandler = server.CreateHandler;
        }

        configure?.Invoke(options);
        return new ModulesClient(options);
    }

    private static async Task<ModuleChange> NextAsync(Channel<ModuleChange> changes, Func<ModuleChange, bool> wanted)
    {
        while (true)
        {
            var change = await changes.Reader.ReadAsync().AsTask().Soon("a change of the copy");
            if (wanted(change))
            {
                return change;
            }
        }
    }

    private sealed class SwitchHandler : HttpMessageHandler
    {
        public HttpMessageInvoker Inner { get; set; } = null!; // set before use

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Inner.SendAsync(request, cancellationToken);
    }
}
