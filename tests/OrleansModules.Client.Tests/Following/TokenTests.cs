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

    [Theory]
    [InlineData("om_1\n", null)]
    [InlineData(null, " om_1\r\n")]
    [InlineData(" \n", "om_1")]
    public async Task White_space_around_a_token_does_not_count(string? token, string? fetched)
    {
        await using var fixture = new ClientFixture(o =>
        {
            o.Token = token;
            o.FetchToken = fetched is null ? null : _ => ValueTask.FromResult<string?>(fetched);
        });
        Assert.NotNull(await fixture.Client.GetAsync(ClientFixture.Red));
        Assert.Equal("Bearer om_1", fixture.Service.Requests.First().Headers.Authorization?.ToString());
    }

    [Theory]
    [InlineData("om secret")]
    [InlineData("om\nsecret")]
    [InlineData("om_sécret")]
    public async Task Fetched_string_that_is_no_token_is_a_problem_and_no_exception(string secret)
    {
        await using var fixture = new ClientFixture(o => o.FetchToken = _ => ValueTask.FromResult<string?>(secret));
        Assert.Null(await fixture.Client.GetAsync(ClientFixture.Red));
        var told = await fixture.Client.RefreshAsync(ClientFixture.Red);
        Assert.Equal((CopyState.Unknown, CopyProblem.Unauthorized), (told.State, told.Problem));
        Assert.DoesNotContain("cret", told.Detail, StringComparison.Ordinal);
        Assert.Equal(0, fixture.Log.Count(10));
    }

    [Fact]
    public async Task Refused_token_that_is_fetched_again_is_fetched_once_for_all()
    {
        var fetched = 0;
        await using var fixture = new ClientFixture(o =>
        {
            o.Token = "old";
            o.FetchToken = _ => ValueTask.FromResult<string?>(Interlocked.Increment(ref fetched) > 0 ? "old" : null);
        });
        fixture.Service.OnMap = _ => ScriptedService.Problem(401, "unauthorized");
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => fixture.Client.GetAsync(ModuleScope.Workspace($"w{i}")).AsTask()));
        Assert.Equal((1, 200), (fetched, fixture.Service.MapReads));
    }

    [Fact]
    public async Task Token_that_is_not_there_yet_is_fetched_once_for_all()
    {
        var fetched = 0;
        await using var fixture = new ClientFixture(o => o.FetchToken = _ => ValueTask.FromResult<string?>(Interlocked.Increment(ref fetched) > 0 ? null : "never"));
        fixture.Service.OnMap = _ => ScriptedService.Problem(401, "unauthorized");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => fixture.Client.GetAsync(ModuleScope.Workspace($"w{i}")).AsTask()));
        Assert.Equal((1, 20), (fetched, fixture.Service.MapReads));
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
