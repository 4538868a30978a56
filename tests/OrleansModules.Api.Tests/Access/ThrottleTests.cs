using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Access;
using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Access;

/// <summary>Rate limits: bad credentials by address, requests by token.</summary>
public sealed class ThrottleTests
{
    private static readonly (string, string) Bad = Callers.Bearer("omt_wrong");

    [Fact]
    public async Task Bad_credentials_are_held_up_and_a_good_one_known_before_is_not()
    {
        var time = new FakeTimeProvider();
        await using var api = await StartAsync(time, new ThrottleOptions { FailedSignInsPerMinute = 6 });
        (await api.GetAsync("/api/platform/whoami")).Is(200);

        for (var i = 0; i < 6; i++)
        {
            (await api.GetAsync("/api/platform/whoami", Bad)).IsProblem(401, "token-invalid");
        }

        var held = (await api.GetAsync("/api/platform/whoami", Bad)).IsProblem(429, "too-many-requests");
        Assert.InRange(held.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 10, 11);
        (await api.GetAsync("/api/platform/whoami")).Is(200);
        time.Advance(TimeSpan.FromSeconds(10));
        (await api.GetAsync("/api/platform/whoami", Bad)).IsProblem(401, "token-invalid");
        (await api.GetAsync("/api/platform/whoami", Bad)).IsProblem(429, "too-many-requests");
    }

    [Fact]
    public async Task Token_has_its_burst_and_then_its_rate_on_hot_reads_and_others()
    {
        var time = new FakeTimeProvider();
        await using var api = await StartAsync(time, new ThrottleOptions { RequestsPerSecond = 2, RequestBurst = 3 });

        for (var i = 0; i < 3; i++)
        {
            (await api.GetAsync(Modules)).Is(200);
        }

        (await api.GetAsync(Modules)).IsProblem(429, "too-many-requests");
        (await api.GetAsync("/api/platform/whoami")).IsProblem(429, "too-many-requests");
        time.Advance(TimeSpan.FromSeconds(1));
        (await api.GetAsync(Modules)).Is(200);
        (await api.GetAsync("/api/platform/whoami")).Is(200);
        (await api.GetAsync(Modules)).IsProblem(429, "too-many-requests");
    }

    private static Task<ApiFixture> StartAsync(TimeProvider time, ThrottleOptions options) => ApiFixture.StartWithAsync(builder =>
    {
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(new Throttle(options, time));
    });
}
