using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Streaming;
using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Streaming;

/// <summary>Server-sent events (requirements B, change stream).</summary>
public sealed class EventStreamTests
{
    private const string OrgEvents = $"{Orgs}/acme/events";
    private const string WsEvents = $"{Workspaces}/w1/events";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_says_the_version_at_once_and_each_change_with_its_modules(bool onKestrel)
    {
        await using var api = await StartAsync(onKestrel);
        using var workspace = await EventReader.OpenAsync(api, WsEvents);
        using var org = await EventReader.OpenAsync(api, OrgEvents);

        Assert.Equal("text/event-stream", workspace.Message.Content.Headers.ContentType?.ToString());
        Assert.True(workspace.Message.Headers.CacheControl?.NoStore);
        await workspace.SaysAsync("s2.o1.w1", "null");
        await org.SaysAsync("s2.o1", "null");

        (await api.PutAsync($"{Workspaces}/w1/modules/kb", """{"isEnabled":false}""")).Is(200);
        await workspace.SaysAsync("s2.o1.w2", """["kb"]""");
        (await api.PutAsync($"{Orgs}/acme/modules/other", """{"configOverrides":{"a":1}}""")).Is(200);
        await workspace.SaysAsync("s2.o2.w2", """["other"]""");
        await org.SaysAsync("s2.o2", """["other"]""");
        (await api.PatchAsync($"{Modules}/kb", """{"tier":1}""")).Is(200);
        await workspace.SaysAsync("s3.o2.w2", """["kb"]""");
        await org.SaysAsync("s3.o2", """["kb"]""");
        await api.RegisterAsync("new");
        await workspace.SaysAsync("s4.o2.w2", """["new"]""");
        await org.SaysAsync("s4.o2", """["new"]""");
        (await api.PutAsync($"{Workspaces}/w1", """{"name":"only a name"}""")).Is(200);
        await workspace.SaysAsync("s4.o2.w3", "[]");
        (await api.DeleteAsync($"{Modules}/new")).Is(200);
        await workspace.SaysAsync("s5.o2.w3", """["new"]""");
    }

    [Fact]
    public async Task Last_event_id_that_is_current_is_not_repeated()
    {
        await using var api = await StartAsync();
        using var byHeader = await EventReader.OpenAsync(api, WsEvents, "s2.o1.w1");
        using var byQuery = await EventReader.OpenAsync(api, $"{WsEvents}?lastEventId=s2.o1.w1");
        Assert.Equal(": up to date", await byHeader.NextAsync());
        Assert.Equal(": up to date", await byQuery.NextAsync());

        await api.RegisterAsync("new");

        await byHeader.SaysAsync("s3.o1.w1", """["new"]""");
        await byQuery.SaysAsync("s3.o1.w1", """["new"]""");
    }

    [Theory]
    [InlineData("s1.o1.w1")]
    [InlineData("s9.o9.w9")]
    [InlineData("s2.o1")]
    [InlineData("something else")]
    public async Task Last_event_id_that_is_not_current_gets_the_version_at_once(string id)
    {
        await using var api = await StartAsync();
        using var events = await EventReader.OpenAsync(api, WsEvents, id);

        await events.SaysAsync("s2.o1.w1", "null");
    }

    [Fact]
    public async Task Deleted_scope_ends_its_stream()
    {
        await using var api = await StartAsync();
        using var workspace = await EventReader.OpenAsync(api, WsEvents);
        using var org = await EventReader.OpenAsync(api, OrgEvents);
        await workspace.SaysAsync("s2.o1.w1", "null");
        await org.SaysAsync("s2.o1", "null");

        (await api.DeleteAsync($"{Workspaces}/w1")).Is(200);
        Assert.Equal("event: deleted|data: {}", await workspace.NextAsync());
        Assert.Null(await workspace.NextAsync());
        (await api.DeleteAsync($"{Orgs}/acme")).Is(200);
        Assert.Equal("event: deleted|data: {}", await org.NextAsync());
        Assert.Null(await org.NextAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_of_the_service_says_bye_and_ends(bool onKestrel)
    {
        await using var api = await StartAsync(onKestrel);
        using var events = await EventReader.OpenAsync(api, WsEvents);
        await events.SaysAsync("s2.o1.w1", "null");

        var stopping = api.App.StopAsync();

        Assert.Equal("event: bye|data: {}", await events.NextAsync());
        Assert.Null(await events.NextAsync());
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Silent_stream_says_that_it_is_alive()
    {
        await using var api = await StartAsync(settings: ("HeartbeatInterval", "00:00:00.010"));
        using var events = await EventReader.OpenAsync(api, WsEvents);
        await events.SaysAsync("s2.o1.w1", "null");

        Assert.Equal(": keep-alive", await events.NextAsync());
        Assert.Equal(": keep-alive", await events.NextAsync());
    }

    [Fact]
    public async Task Streams_over_the_limit_are_refused_until_one_closes()
    {
        await using var api = await StartAsync(onKestrel: true, ("MaxEventStreams", "2"), ("HeartbeatInterval", "00:00:00.010"));
        using var first = await EventReader.OpenAsync(api, WsEvents);
        var second = await EventReader.OpenAsync(api, OrgEvents);

        var refused = (await api.GetAsync(WsEvents)).IsProblem(503, "too-many-streams");
        Assert.Equal("5", refused.Headers.RetryAfter?.ToString());
        second.Dispose();

        // The heartbeat of the stream that is left paces the wait for the server to notice.
        var streams = api.App.Services.GetRequiredService<EventStream>();
        for (var beats = 0; streams.Open > 1; beats++)
        {
            Assert.True(beats < 2000, $"{streams.Open} streams are open.");
            await first.NextAsync();
        }

        using var third = await EventReader.OpenAsync(api, WsEvents);
        await third.SaysAsync("s2.o1.w1", "null");
    }

    [Fact]
    public async Task Reader_that_does_not_read_gets_the_newest_version_last_and_little_before()
    {
        await using var api = await StartAsync();
        using var events = await EventReader.OpenAsync(api, WsEvents);
        await events.SaysAsync("s2.o1.w1", "null");
        const int changes = 500;
        for (var i = 1; i <= changes; i++)
        {
            (await api.PutAsync($"{Workspaces}/w1/modules/kb", $$$"""{"configOverrides":{"a":{{{i}}}}}""")).Is(200);
        }

        var versions = new List<long>();
        while (versions.Count == 0 || versions[^1] < changes + 1)
        {
            var block = await events.NextAsync();
            Assert.Contains("\"changed\":[\"kb\"]", block, StringComparison.Ordinal);
            versions.Add(long.Parse(block!.Split("|data")[0].Split(".w")[1], System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal(versions.Order(), versions);
        Assert.Equal(versions.Distinct().Count(), versions.Count);
    }

    [Fact]
    public async Task Bad_request_for_events_is_a_problem()
    {
        await using var api = await StartAsync();

        Assert.Equal(["invalid-id id", "invalid-parameter x"], (await api.GetAsync($"{Workspaces}/-/events?x=1")).IsProblem(400, "validation-failed").Faults);
        Assert.Equal(["invalid-parameter lastEventId"], (await api.GetAsync($"{WsEvents}?lastEventId=x")).IsProblem(400, "invalid-parameter").Faults);
        (await api.GetAsync(WsEvents, ("Accept", "application/json"))).IsProblem(406, "not-acceptable");
        (await api.SendAsync(HttpMethod.Head, WsEvents, null)).Is(405);
    }

    private static async Task<ApiFixture> StartAsync(bool onKestrel = false, params (string Name, string Value)[] settings)
    {
        var api = await ApiFixture.StartAsync(onKestrel, settings);
        await api.RegisterAsync("kb");
        await api.RegisterAsync("other");
        await api.ScopesAsync();
        return api;
    }
}
