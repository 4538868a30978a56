using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.Following;

/// <summary>What ends by itself, and what must not.</summary>
[Requirement("C5")]
public sealed class GivingUpTests
{
    private static readonly TimeSpan Half = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Handler_that_gives_up_connecting_is_a_service_that_cannot_be_reached()
    {
        await using var fixture = new ClientFixture();
        fixture.Service.OnMap = _ => throw new TaskCanceledException("A connection could not be established within the configured ConnectTimeout.");
        Assert.Null(await fixture.Client.GetAsync(ClientFixture.Red));
        Assert.Equal(CopyProblem.Unreachable, fixture.Status.Problem);
        Assert.Equal(CopyProblem.Unreachable, (await fixture.Client.RefreshAsync(ClientFixture.Red)).Problem);
        Assert.Equal(0, fixture.Log.Count(10));
    }

    [Fact]
    public async Task Stream_that_a_handler_cancels_is_a_broken_stream()
    {
        await using var fixture = new ClientFixture();
        var stream = await fixture.FollowAsync();
        stream.End(new TaskCanceledException());
        await fixture.Time.ArmedAsync(Half);
        Assert.Equal((CopyProblem.Unreachable, 0), (fixture.Status.Problem, fixture.Log.Count(10)));
    }

    [Fact]
    public async Task Caller_that_cancels_is_told_so()
    {
        await using var fixture = new ClientFixture();
        await fixture.FollowAsync();
        fixture.Service.Before = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, fixture.Time, token);
        using var caller = new CancellationTokenSource();
        var refreshing = fixture.Client.RefreshAsync(ClientFixture.Red, caller.Token).AsTask();
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => refreshing);
        Assert.Equal(CopyProblem.None, fixture.Status.Problem);
    }

    [Fact]
    public async Task Stream_that_does_not_begin_is_given_up()
    {
        await using var fixture = new ClientFixture();
        var opening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Service.Before = (r, token) =>
        {
            if (r.RequestUri!.AbsolutePath.EndsWith("/modules", StringComparison.Ordinal))
            {
                return Task.CompletedTask;
            }

            opening.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, fixture.Time, token);
        };
        await fixture.Client.GetAsync(ClientFixture.Red);
        await opening.Task.Soon("the stream to be opened");
        fixture.Time.Advance(TimeSpan.FromSeconds(15));
        await fixture.Time.ArmedAsync(Half);
        Assert.Equal((CopyState.Fresh, CopyProblem.Unreachable), (fixture.Status.State, fixture.Status.Problem));
    }

    [Fact]
    public async Task Stream_is_not_silent_while_the_client_reads_the_map_that_it_told_of()
    {
        await using var fixture = new ClientFixture(o => o.RequestTimeout = TimeSpan.FromMinutes(5));
        var stream = await fixture.FollowAsync();
        var (held, asked) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        fixture.Service.Before = (_, token) =>
        {
            asked.TrySetResult();
            return held.Task.WaitAsync(token);
        };
        fixture.Service.OnMap = _ => ScriptedService.Map("s2.o1.w1");
        stream.Write(Maps.Event("s2.o1.w1"));
        await asked.Task.Soon("the map to be read");
        fixture.Time.Advance(TimeSpan.FromMinutes(2));
        held.SetResult();
        await stream.SendAsync(": keep-alive\n\n");
        Assert.Equal(("s2.o1.w1", false), (fixture.Status.Version.ToString(), stream.Closed.Task.IsCompleted));
    }

    [Fact]
    public async Task Streams_that_end_at_once_do_not_make_a_busy_loop()
    {
        await using var fixture = new ClientFixture(o => o.MaxRetryDelay = TimeSpan.FromSeconds(2));
        fixture.Service.OnEvents = _ => ScriptedService.Json("retry: 1\n\n: up to date\n\n", "text/event-stream");
        await fixture.Client.GetAsync(ClientFixture.Red);
        foreach (var seconds in new[] { 0.5, 1, 2, 2 })
        {
            await fixture.PassAsync(TimeSpan.FromSeconds(seconds));
        }

        Assert.Equal(CopyState.Fresh, fixture.Status.State);
    }

    [Fact]
    public async Task Stream_that_works_makes_failures_before_it_forgotten()
    {
        await using var fixture = new ClientFixture();
        fixture.Service.OnMap = _ => throw new HttpRequestException("Connection refused");
        await fixture.Client.GetAsync(ClientFixture.Red);
        await fixture.PassAsync(Half);
        await fixture.PassAsync(Half * 2);
        await fixture.Time.ArmedAsync(Half * 4);
        fixture.Service.OnMap = _ => ScriptedService.Map("s1.o1.w1");
        fixture.Time.Advance(Half * 4);
        var stream = await fixture.Service.StreamAsync();
        await stream.SendVersionAsync("s1.o1.w1");
        stream.End(new IOException("As scripted."));
        await fixture.Time.ArmedAsync(Half);
    }

    [Fact]
    public async Task End_of_the_client_lets_callers_go_and_is_no_failure_in_the_log()
    {
        var fixture = new ClientFixture();
        fixture.Service.Before = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, fixture.Time, token);
        var asked = Enumerable.Range(0, 20).Select(i => fixture.Client.GetAsync(ModuleScope.Workspace($"w{i}")).AsTask()).ToArray();
        var refreshing = fixture.Client.RefreshAsync(ModuleScope.Workspace("w0")).AsTask();
        fixture.Client.Dispose();
        Assert.All(await Task.WhenAll(asked).Soon("the callers to be let go"), Assert.Null);
        await refreshing.Soon("the refresh to be let go");
        Assert.Equal((0, 0), (fixture.Log.Lines.Count(l => l.Id == 3 && !l.Message.Contains("/w0:", StringComparison.Ordinal)), fixture.Log.Count(10)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => fixture.Client.RefreshAsync(ClientFixture.Red).AsTask());
    }
}
