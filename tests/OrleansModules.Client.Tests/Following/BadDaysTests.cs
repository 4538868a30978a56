using Microsoft.Extensions.Logging;
using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.Following;

[Requirement("C5")]
public sealed class BadDaysTests
{
    private static readonly TimeSpan Half = TimeSpan.FromMilliseconds(500);

    private static ModuleScope Red => ClientFixture.Red;

    [Fact]
    public async Task Service_away_at_start_is_a_clear_state_and_heals()
    {
        await using var fixture = new ClientFixture();
        fixture.Service.OnMap = _ => throw new HttpRequestException("Connection refused");
        Assert.Null(await fixture.Client.GetAsync(Red));
        await fixture.Time.ArmedAsync(Half);
        Assert.Equal((CopyState.Unknown, CopyProblem.Unreachable, null), (fixture.Status.State, fixture.Status.Problem, fixture.Status.Age));
        Assert.Contains("Connection refused", fixture.Status.Detail, StringComparison.Ordinal);
        fixture.Service.OnMap = _ => ScriptedService.Map("s1.o1.w1", Maps.Module("chat"));
        fixture.Time.Advance(Half);
        await (await fixture.Service.StreamAsync()).SendVersionAsync("s1.o1.w1");
        Assert.True(fixture.Client.IsAvailable(Red, "chat"));
        Assert.Equal(CopyState.Fresh, fixture.Status.State);
    }

    [Fact]
    public async Task Waits_double_up_to_their_bound_and_the_log_says_it_once()
    {
        await using var fixture = new ClientFixture(o => o.MaxRetryDelay = TimeSpan.FromSeconds(3));
        fixture.Service.OnMap = _ => throw new HttpRequestException("Connection refused");
        await fixture.Client.GetAsync(Red);
        foreach (var seconds in new[] { 0.5, 1, 2, 3, 3, 3 })
        {
            await fixture.PassAsync(TimeSpan.FromSeconds(seconds));
        }

        Assert.Equal(1, fixture.Log.Count(3));
    }

    [Fact]
    public async Task Service_away_later_leaves_the_map_stale_with_its_age()
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        fixture.Service.OnEvents = _ => throw new HttpRequestException("Connection refused");
        fixture.Service.OnMap = _ => throw new HttpRequestException("Connection refused");
        stream.End();
        await fixture.PassAsync(TimeSpan.FromSeconds(2));
        await fixture.Time.ArmedAsync(Half);
        Assert.Equal((CopyState.Fresh, TimeSpan.FromSeconds(2), CopyProblem.Unreachable), (fixture.Status.State, fixture.Status.Age, fixture.Status.Problem));
        fixture.Time.Advance(TimeSpan.FromSeconds(58));
        Assert.Equal(CopyState.Fresh, fixture.Status.State);
        fixture.Time.Advance(TimeSpan.FromTicks(1));
        Assert.True(fixture.Status.IsStale);
        Assert.Equal(TimeSpan.FromSeconds(60) + TimeSpan.FromTicks(1), fixture.Status.Age);
        Assert.True(fixture.Client.IsAvailable(Red, "chat"));
        Assert.Equal(1, fixture.Log.Count(2));
    }

    [Fact]
    public async Task Heartbeats_keep_a_map_fresh()
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        for (var beat = 0; beat < 10; beat++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(40));
            await stream.SendAsync(": keep-alive\n\n");
        }

        Assert.Equal((CopyState.Fresh, TimeSpan.Zero), (fixture.Status.State, fixture.Status.Age));
    }

    [Fact]
    public async Task Heartbeat_with_an_event_before_it_confirms_nothing_until_the_map_is_read()
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(40));
        fixture.Service.OnMap = _ => ScriptedService.Problem(503, "busy");
        stream.Write(Maps.Event("s2.o1.w1") + ": keep-alive\n\n");
        await fixture.Time.ArmedAsync(Half);
        Assert.Equal(TimeSpan.FromSeconds(40), fixture.Status.Age);
    }

    [Fact]
    public async Task Silent_stream_counts_as_broken()
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(45));
        await stream.Closed.Task.Soon("the silent stream to be closed");
        await fixture.Time.ArmedAsync(Half);
        Assert.Equal(CopyProblem.Unreachable, fixture.Status.Problem);
        fixture.Time.Advance(Half);
        await (await fixture.Service.StreamAsync()).SendAsync(": up to date\n\n");
        Assert.Equal((CopyState.Fresh, CopyProblem.None), (fixture.Status.State, fixture.Status.Problem));
    }

    [Fact]
    public async Task Slow_answer_is_given_up()
    {
        await using var fixture = new ClientFixture();
        fixture.Service.Before = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, fixture.Time, token);
        Assert.Null(fixture.Client.Find(Red));
        await fixture.PassAsync(TimeSpan.FromSeconds(15));
        await fixture.Time.ArmedAsync(Half);
        Assert.Equal(CopyProblem.Unreachable, fixture.Status.Problem);
    }

    [Fact]
    public async Task Slow_service_does_not_hold_up_a_caller_for_long()
    {
        await using var fixture = new ClientFixture();
        fixture.Service.Before = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, fixture.Time, token);
        var asked = fixture.Client.GetAsync(Red).AsTask();
        await fixture.PassAsync(ClientFixture.FirstMapPatience);
        Assert.Null(await asked);
        Assert.Equal((CopyState.Unknown, CopyProblem.None), (fixture.Status.State, fixture.Status.Problem));
    }

    [Theory]
    [InlineData(401, "unauthorized", CopyProblem.Unauthorized)]
    [InlineData(403, "forbidden", CopyProblem.Forbidden)]
    [InlineData(404, "route-not-found", CopyProblem.BadAnswer)]
    [InlineData(429, "too-many-requests", CopyProblem.Throttled)]
    [InlineData(500, "internal-error", CopyProblem.Unavailable)]
    [InlineData(503, "store-unavailable", CopyProblem.Unavailable)]
    [InlineData(503, "version-not-reached", CopyProblem.Behind)]
    [InlineData(418, "teapot", CopyProblem.BadAnswer)]
    public async Task Refusal_is_told_and_the_map_stays(int status, string code, CopyProblem problem)
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        fixture.Service.OnEvents = _ => ScriptedService.Problem(status, code);
        fixture.Service.OnMap = _ => ScriptedService.Problem(status, code);
        stream.End();
        await fixture.PassAsync(TimeSpan.FromSeconds(2));
        await fixture.Time.ArmedAsync(Half);
        Assert.Equal(problem, fixture.Status.Problem);
        Assert.Contains(code, fixture.Status.Detail, StringComparison.Ordinal);
        Assert.True(fixture.Client.IsAvailable(Red, "chat"));
    }

    [Fact]
    public async Task Service_that_asks_to_wait_is_obeyed_within_bounds()
    {
        await using var fixture = new ClientFixture();
        fixture.Service.OnMap = _ => ScriptedService.Problem(429, "too-many-requests", retryAfter: 60);
        await fixture.Client.GetAsync(Red);
        var first = TimeSpan.FromSeconds(60) + (Half * 0.2);
        await fixture.Time.ArmedAsync(first);
        fixture.Service.OnMap = _ => ScriptedService.Problem(503, "busy", retryAfter: 86_400); // before the clock moves: the next request follows at once
        fixture.Time.Advance(first);
        await fixture.Time.ArmedAsync(TimeSpan.FromMinutes(5) + (TimeSpan.FromSeconds(1) * 0.2));
    }

    [Fact]
    [Requirement("C2")]
    public async Task Without_streams_maps_are_polled()
    {
        await using var fixture = new ClientFixture(o => o.MaxRetryDelay = TimeSpan.FromSeconds(1));
        fixture.Service.OnEvents = _ => ScriptedService.Problem(503, "too-many-streams");
        Assert.True((await fixture.Client.GetAsync(Red))!.IsAvailable("chat"));
        fixture.Service.OnMap = _ => new HttpResponseMessage(HttpStatusCode.NotModified);
        await fixture.PassAsync(Half);
        await fixture.Time.ArmedAsync(TimeSpan.FromSeconds(1));
        Assert.Equal((CopyState.Fresh, TimeSpan.Zero, CopyProblem.Unavailable), (fixture.Status.State, fixture.Status.Age, fixture.Status.Problem));
        fixture.Service.OnMap = _ => ScriptedService.Map("s1.o1.w2", Maps.Module("chat", isAvailable: false));
        await fixture.PassAsync(TimeSpan.FromSeconds(1));
        await fixture.Time.ArmedAsync(TimeSpan.FromSeconds(1));
        Assert.False(fixture.Client.IsAvailable(Red, "chat"));
    }

    [Fact]
    public async Task Service_that_goes_away_where_streams_never_worked_is_a_warning_of_its_own()
    {
        await using var fixture = new ClientFixture(o => o.MaxRetryDelay = TimeSpan.FromSeconds(1));
        fixture.Service.OnEvents = _ => throw new HttpRequestException("cut by a proxy");
        await fixture.Client.GetAsync(Red);
        await fixture.PassAsync(Half);
        for (var poll = 0; poll < 5; poll++)
        {
            await fixture.PassAsync(TimeSpan.FromSeconds(1));
        }

        await fixture.Time.ArmedAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Warnings());
        fixture.Service.OnMap = _ => throw new HttpRequestException("Connection refused");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await fixture.PassAsync(TimeSpan.FromSeconds(1));
        }

        await fixture.Time.ArmedAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Warnings());

        int Warnings() => fixture.Log.Lines.Count(l => l.Level == LogLevel.Warning);
    }

    [Theory]
    [InlineData("event: version\ndata: {\"version\":\"later\"}\n\n")]
    [InlineData("event: version\ndata: {\"version\":\n\n")]
    [InlineData("event: version\ndata: <html>\n\n")]
    [InlineData("event: version\ndata: null\n\n")]
    public async Task Garbage_on_the_stream_ends_it_and_harms_nothing(string garbage)
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        stream.Write(garbage);
        await fixture.Time.ArmedAsync(Half);
        Assert.Equal(CopyProblem.BadAnswer, fixture.Status.Problem);
        Assert.True(fixture.Client.IsAvailable(Red, "chat"));
    }

    [Theory]
    [InlineData("event: fanfare\ndata: {}\n\n")]
    [InlineData("\0\0\0\n\nnoise\r\n\r\nid: x\n\n")]
    [InlineData("data: hello\n\n")]
    public async Task Events_of_a_newer_service_and_noise_are_passed_over(string other)
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        await stream.SendAsync(other);
        fixture.Service.OnMap = _ => ScriptedService.Map("s2.o1.w1");
        await stream.SendVersionAsync("s2.o1.w1");
        Assert.Equal("s2.o1.w1", fixture.Status.Version.ToString());
    }

    [Theory]
    [InlineData("data: 0123456789\n")]
    [InlineData("data: 0123456789\r\n")]
    [InlineData("xxxxxxxxxxxxxxxx")]
    public async Task Event_without_end_is_cut_off(string part)
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        stream.Write(string.Concat(Enumerable.Repeat(part, (5 << 20) / part.Length)));
        await fixture.Time.ArmedAsync(Half);
        Assert.Equal(CopyProblem.BadAnswer, fixture.Status.Problem);
    }

    [Theory]
    [InlineData("<html>Please sign in</html>", "text/html")]
    [InlineData("<html>Please sign in</html>", "application/json")]
    [InlineData("{}", "application/json")]
    public async Task Page_of_a_portal_is_no_map(string body, string type)
    {
        await using var fixture = new ClientFixture();
        fixture.Service.OnMap = _ => ScriptedService.Json(body, type);
        Assert.Null(await fixture.Client.GetAsync(Red));
        Assert.Equal((CopyState.Unknown, CopyProblem.BadAnswer), (fixture.Status.State, fixture.Status.Problem));
    }

    [Fact]
    public async Task Page_of_a_portal_is_no_stream()
    {
        await using var fixture = new ClientFixture();
        fixture.Service.OnEvents = _ => ScriptedService.Json("<html>", "text/html");
        await fixture.Client.GetAsync(Red);
        await fixture.Time.ArmedAsync(Half);
        Assert.Equal(CopyProblem.BadAnswer, fixture.Status.Problem);
        Assert.True(fixture.Client.IsAvailable(Red, "chat"));
    }

    [Fact]
    public async Task Map_that_is_too_large_is_refused()
    {
        await using var fixture = new ClientFixture(o => o.MaxMapBytes = 1024);
        fixture.Service.OnMap = _ => ScriptedService.Map("s1.o1.w1", Maps.Module("chat", config: $$"""{"a":"{{new string('a', 2000)}}"}"""));
        Assert.Null(await fixture.Client.GetAsync(Red));
        Assert.Contains(nameof(ModulesClientOptions.MaxMapBytes), fixture.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-365)]
    [InlineData(365)]
    public async Task Jump_of_the_wall_clock_changes_no_age(int days)
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        fixture.Time.JumpWall(TimeSpan.FromDays(days));
        Assert.Equal((CopyState.Fresh, TimeSpan.FromSeconds(10)), (fixture.Status.State, fixture.Status.Age));
        await stream.SendAsync(": keep-alive\n\n");
        Assert.Equal(TimeSpan.Zero, fixture.Status.Age);
    }

    [Fact]
    public async Task Unforeseen_failure_is_logged_and_following_goes_on()
    {
        await using var fixture = new ClientFixture();
        fixture.Service.OnMap = _ => throw new NotSupportedException("As scripted.");
        await fixture.Client.GetAsync(Red);
        Assert.Equal(1, fixture.Log.Count(10));
        fixture.Service.OnMap = _ => ScriptedService.Map("s1.o1.w1", Maps.Module("chat"));
        await fixture.PassAsync(Half);
        await (await fixture.Service.StreamAsync()).SendVersionAsync("s1.o1.w1");
        Assert.True(fixture.Client.IsAvailable(Red, "chat"));
    }
}
