using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.Following;

public sealed class TokenTests
{
    private const string Secret = "om_secret-1";

    [Fact]
    public async Task Token_goes_with_every_request_and_into_no_log()
    {
        await using var fixture = new ClientFixture(o => o.Token = Secret);
        var stream = await fixture.FollowAsync();
        stream.Write("event: version\ndata: x\n\n");
        await fixture.Time.ArmedAsync(TimeSpan.FromMilliseconds(500));
        Assert.All(fixture.Service.Requests, r => Assert.Equal($"Bearer {Secret}", r.Headers.Authorization?.ToString()));
        Assert.All(fixture.Log.Lines, l => Assert.DoesNotContain(Secret, l.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, fixture.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expired_token_is_renewed_and_the_request_repeated()
    {
        var fetched = 0;
        await using var fixture = new ClientFixture(o =>
        {
            o.Token = "old";
            o.FetchToken = _ => ValueTask.FromResult<string?>($"new-{++fetched}");
        });
        fixture.Service.OnMap = r => r.Headers.Authorization?.Parameter is "old" ? ScriptedService.Problem(401, "unauthorized") : ScriptedService.Map("s1.o1.w1");
        Assert.NotNull(await fixture.Client.GetAsync(ClientFixture.Red));
        await fixture.Service.StreamAsync();
        Assert.Equal(1, fetched);
        Assert.Equal("new-1", fixture.Service.Requests.Last().Headers.Authorization?.Parameter);
    }

    [Fact]
    public async Task Token_that_ran_out_during_a_stream_is_renewed_for_the_next()
    {
        await using var fixture = new ClientFixture(o =>
        {
            o.Token = "old";
            o.FetchToken = _ => ValueTask.FromResult<string?>("new");
        });
        var stream = await fixture.FollowAsync();
        fixture.Service.OnEvents = r => r.Headers.Authorization?.Parameter is "old" ? ScriptedService.Problem(401, "unauthorized") : null;
        stream.End();
        await fixture.PassAsync(TimeSpan.FromSeconds(2));
        await (await fixture.Service.StreamAsync()).SendAsync(": up to date\n\n");
        Assert.Equal((CopyState.Fresh, CopyProblem.None), (fixture.Status.State, fixture.Status.Problem));
    }

    [Fact]
    public async Task Many_refused_requests_renew_once()
    {
        var fetched = 0;
        await using var fixture = new ClientFixture(o =>
        {
            o.Token = "old";
            o.FetchToken = _ => ValueTask.FromResult<string?>($"new-{Interlocked.Increment(ref fetched)}");
        });
        fixture.Service.OnMap = r => r.Headers.Authorization?.Parameter is "old" ? ScriptedService.Problem(401, "unauthorized") : ScriptedService.Map("s1.o1.w1");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => fixture.Client.GetAsync(ModuleScope.Workspace($"w{i}")).AsTask()));
        Assert.Equal(1, fetched);
    }

    [Fact]
    public async Task Token_that_cannot_be_fetched_is_a_problem_and_tried_again()
    {
        var fetched = 0;
        await using var fixture = new ClientFixture(o => o.FetchToken = _ => fetched++ == 0 ? throw new InvalidOperationException(Secret) : ValueTask.FromResult<string?>("good"));
        Assert.Null(await fixture.Client.GetAsync(ClientFixture.Red));
        Assert.Equal(CopyProblem.Unauthorized, fixture.Status.Problem);
        Assert.DoesNotContain(Secret, fixture.Status.Detail, StringComparison.Ordinal);
        await fixture.PassAsync(TimeSpan.FromMilliseconds(500));
        await (await fixture.Service.StreamAsync()).SendVersionAsync("s1.o1.w1");
        Assert.Equal(CopyState.Fresh, fixture.Status.State);
    }

    [Fact]
    public async Task Token_that_stays_refused_is_asked_for_once_an_attempt()
    {
        var fetched = 0;
        await using var fixture = new ClientFixture(o => o.FetchToken = _ => ValueTask.FromResult<string?>($"bad-{++fetched}"));
        fixture.Service.OnMap = _ => ScriptedService.Problem(401, "unauthorized");
        await fixture.Client.GetAsync(ClientFixture.Red);
        await fixture.Time.ArmedAsync(TimeSpan.FromMilliseconds(500));
        Assert.Equal((2, 2, CopyProblem.Unauthorized), (fetched, fixture.Service.MapReads, fixture.Status.Problem));
    }
}
