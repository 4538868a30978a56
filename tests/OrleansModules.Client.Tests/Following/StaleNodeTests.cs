using System.Globalization;
using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.Following;

/// <summary>A node that says of itself that it is stale.</summary>
[Requirement("C5")]
public sealed class StaleNodeTests
{
    [Fact]
    public async Task Map_of_a_stale_node_is_stale_with_the_age_that_the_node_says()
    {
        await using var fixture = new ClientFixture();
        fixture.Service.OnMap = _ => Stale(7);
        Assert.NotNull(await fixture.Client.GetAsync(ClientFixture.Red));

        AssertStale(fixture, TimeSpan.FromSeconds(7));
        Assert.Contains("00:00:07", fixture.Status.Detail, StringComparison.Ordinal);
        Assert.True(fixture.Client.IsAvailable(ClientFixture.Red, "chat"));
        fixture.Time.Advance(TimeSpan.FromSeconds(3));
        AssertStale(fixture, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Node_that_turns_stale_makes_a_followed_copy_stale_until_it_is_fresh_again()
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        Assert.Equal(CopyState.Fresh, fixture.Status.State);

        await stream.SendAsync("event: stale\ndata: {\"staleFor\":9}\n\n");
        AssertStale(fixture, TimeSpan.FromSeconds(9));
        fixture.Time.Advance(TimeSpan.FromSeconds(15));
        await stream.SendAsync("event: stale\ndata: {\"staleFor\":24}\n\n");
        AssertStale(fixture, TimeSpan.FromSeconds(24));

        await stream.SendAsync(": keep-alive\n\n");
        Assert.Equal((CopyState.Fresh, TimeSpan.Zero, CopyProblem.None), (fixture.Status.State, fixture.Status.Age, fixture.Status.Problem));
    }

    [Fact]
    public async Task Stream_of_a_stale_node_lives_on_and_still_tells_of_changes()
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        for (var beat = 1; beat <= 10; beat++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(40));
            await stream.SendAsync($"event: stale\ndata: {{\"staleFor\":{beat * 40}}}\n\n");
        }

        fixture.Service.OnMap = _ => Stale(401, "s1.o1.w2");
        await stream.SendAsync("event: version\nid: s1.o1.w2\ndata: {\"version\":\"s1.o1.w2\",\"changed\":[\"chat\"],\"staleFor\":401}\n\n");
        AssertStale(fixture, TimeSpan.FromSeconds(401));
        Assert.Equal("s1.o1.w2", fixture.Status.Version?.ToString());
        Assert.False(stream.Closed.Task.IsCompleted);
    }

    [Fact]
    public async Task Event_of_the_version_at_hand_from_a_stale_node_makes_it_stale()
    {
        await using var fixture = new ClientFixture();
        await fixture.Client.GetAsync(ClientFixture.Red);
        await (await fixture.Service.StreamAsync()).SendAsync("event: version\nid: s1.o1.w1\ndata: {\"version\":\"s1.o1.w1\",\"changed\":null,\"staleFor\":6}\n\n");
        AssertStale(fixture, TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Unchanged_answer_of_a_stale_node_is_stale_too_and_a_fresh_one_heals()
    {
        await using var fixture = new ClientFixture(o => o.MaxRetryDelay = TimeSpan.FromSeconds(3));
        fixture.Service.OnEvents = _ => ScriptedService.Problem(503, "too-many-streams");
        await fixture.Client.GetAsync(ClientFixture.Red);
        fixture.Service.OnMap = _ => Marked(new HttpResponseMessage(HttpStatusCode.NotModified), 8);
        await fixture.Time.ArmedAsync(TimeSpan.FromSeconds(0.5));
        var reads = fixture.Service.MapReads;
        await fixture.PassAsync(TimeSpan.FromSeconds(0.5));
        await fixture.Time.ArmedAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(reads + 1, fixture.Service.MapReads);
        Assert.Equal((CopyState.Stale, TimeSpan.FromSeconds(8)), (fixture.Status.State, fixture.Status.Age));

        fixture.Service.OnMap = _ => new HttpResponseMessage(HttpStatusCode.NotModified);
        await fixture.PassAsync(TimeSpan.FromSeconds(1));
        await fixture.Time.ArmedAsync(TimeSpan.FromSeconds(2));
        Assert.Equal((CopyState.Fresh, TimeSpan.Zero), (fixture.Status.State, fixture.Status.Age));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("7.5")]
    [InlineData("long")]
    public async Task Header_that_is_no_number_says_nothing(string value)
    {
        await using var fixture = new ClientFixture();
        fixture.Service.OnMap = _ =>
        {
            var answer = ScriptedService.Map("s1.o1.w1", Maps.Module("chat"));
            answer.Headers.TryAddWithoutValidation("Modules-Stale-For", value);
            return answer;
        };
        await fixture.Client.GetAsync(ClientFixture.Red);
        Assert.Equal(CopyState.Fresh, fixture.Status.State);
    }

    private static void AssertStale(ClientFixture fixture, TimeSpan age) =>
        Assert.Equal((CopyState.Stale, age, CopyProblem.StaleNode), (fixture.Status.State, fixture.Status.Age, fixture.Status.Problem));

    private static HttpResponseMessage Stale(int seconds, string version = "s1.o1.w1") => Marked(ScriptedService.Map(version, Maps.Module("chat")), seconds);

    private static HttpResponseMessage Marked(HttpResponseMessage answer, int seconds)
    {
        answer.Headers.Add("Modules-Stale-For", seconds.ToString(CultureInfo.InvariantCulture));
        return answer;
    }
}
