using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Stores;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Problems;

/// <summary>What callers see while changes cannot be written down.</summary>
public sealed class StoreFailureTests
{
    [Theory]
    [InlineData(StoreFailure.Unavailable, false, 503, "store-unavailable", "5")]
    [InlineData(StoreFailure.Full, false, 507, "store-full", null)]
    [InlineData(StoreFailure.Unavailable, true, 503, "outcome-unknown", "5")]
    [InlineData(StoreFailure.Full, true, 503, "outcome-unknown", "5")]
    [InlineData(StoreFailure.Corrupt, false, 503, "store-unavailable", "5")]
    public async Task Failed_append_is_told_changes_nothing_and_reads_go_on(StoreFailure failure, bool outcomeUnknown, int status, string code, string? retryAfter)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("kb");
        await api.ScopesAsync();
        var before = await api.GetAsync($"{Workspaces}/w1/modules");
        api.Store.Failure = new StoreException(failure, "The test says so: /secret/place.", null, outcomeUnknown);

        foreach (var path in new[] { $"{Workspaces}/w1/modules/kb", $"{Orgs}/acme/modules/kb", $"{Modules}/kb" })
        {
            var refused = (await api.PutAsync(path, """{"isEnabled":false}""")).IsProblem(status, code);
            Assert.Equal(retryAfter, refused.Headers.RetryAfter?.ToString());
            Assert.DoesNotContain("/secret/place", refused.Text, StringComparison.Ordinal);
        }

        var after = (await api.GetAsync($"{Workspaces}/w1/modules")).Is(200);
        Assert.Equal((before.ETag, before.Text), (after.ETag, after.Text));
        (await api.GetAsync($"{Workspaces}/w1/history")).Is(200);
        var away = (await api.GetAsync("/health/ready")).Is(200);
        Assert.Equal(("ready", "true", "false"), (away["status"], away["canRead"], away["canChange"]));
        Assert.NotNull(away["problem"]);
        (await api.GetAsync("/health/live")).Is(200);

        api.Store.Failure = null;
        (await api.PutAsync($"{Workspaces}/w1/modules/kb", """{"isEnabled":false}""")).Is(200);
        var back = (await api.GetAsync("/health/ready")).Is(200);
        Assert.Equal(("true", null), (back["canChange"], back["problem"]));
    }

    [Fact]
    public async Task Failed_request_sent_again_under_its_key_makes_the_change_once()
    {
        await using var api = await ApiFixture.StartAsync();
        api.Store.Failure = new StoreException(StoreFailure.Unavailable, "away", null, outcomeUnknown: true);
        (await api.PutAsync($"{Orgs}/acme", "{}", ("Idempotency-Key", "k"))).IsProblem(503, "outcome-unknown");
        api.Store.Failure = null;

        (await api.PutAsync($"{Orgs}/acme", "{}", ("Idempotency-Key", "k"))).Is(201);
        Assert.Equal("1", (await api.PutAsync($"{Orgs}/acme", "{}", ("Idempotency-Key", "k"))).Is(201)["revision"]);
    }
}
