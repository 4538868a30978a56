using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Access;
using OrleansModules.Api.Access.Jwt;
using OrleansModules.Api.Tests.Access.Jwt;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Scopes;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Access;

/// <summary>Rate limits: bad credentials by address, requests by token.</summary>
public sealed class ThrottleTests
{
    private const string WhoAmI = "/api/platform/whoami";

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

    [Fact]
    public async Task Address_that_is_held_up_lets_good_tokens_through_and_requests_without_one()
    {
        var time = new FakeTimeProvider();
        await using var api = await StartAsync(time, new ThrottleOptions { FailedSignInsPerMinute = 1 });
        await api.ScopesAsync();
        var shell = await api.HolderAsync(ScopeId.Org("acme"), "shell");
        (await api.GetAsync(WhoAmI, Bad)).IsProblem(401, "token-invalid");
        (await api.GetAsync(WhoAmI, Bad)).IsProblem(429, "too-many-requests");

        (await api.GetAsync("/api/platform/workspaces/w1/modules", shell)).Is(200);
        (await api.GetAsync(WhoAmI, Callers.Nobody)).IsProblem(401, "credential-missing");
        (await api.GetAsync("/health/live", Callers.Nobody)).Is(200);
        foreach (var guess in new[] { TokenText.New(ScopeId.Org("acme"), TokenText.NewId()), TokenText.New(ScopeId.Org("nowhere"), TokenText.NewId()), "omt_x", "a.b.c" })
        {
            (await api.GetAsync(WhoAmI, Callers.Bearer(guess))).IsProblem(429, "too-many-requests");
            (await api.GetAsync(WhoAmI, ("X-API-Key", guess), Callers.Nobody)).IsProblem(429, "too-many-requests");
        }

        // People choose the token of the configuration, so that it might be guessed: its turn comes like that of any guess.
        (await api.GetAsync(WhoAmI, ("X-API-Key", ApiFixture.Bootstrap), Callers.Nobody)).IsProblem(429, "too-many-requests");
        time.Advance(TimeSpan.FromMinutes(1));
        (await api.GetAsync(WhoAmI, ("X-API-Key", ApiFixture.Bootstrap), Callers.Nobody)).Is(200);
    }

    [Fact]
    public async Task People_of_an_address_that_is_held_up_get_through_while_signatures_checked_for_it_are_few()
    {
        using var provider = new Provider();
        await using var api = await StartAsync(provider.Time, new ThrottleOptions { FailedSignInsPerMinute = 1 }, provider.Verifier);
        using var stranger = new Provider();
        var forged = Callers.Bearer(stranger.Token(provider.Claims()));
        (await api.GetAsync(WhoAmI, forged)).IsProblem(401, "signature-invalid");

        (await api.GetAsync(WhoAmI, Callers.Bearer(provider.Token(provider.Claims())))).Is(200);
        for (var i = 1; i < 100; i++)
        {
            (await api.GetAsync(WhoAmI, forged)).IsProblem(429, "too-many-requests");
        }

        var late = Callers.Bearer(provider.Token(provider.Claims(""","jti":"late" """)));
        (await api.GetAsync(WhoAmI, late)).IsProblem(429, "too-many-requests");
        provider.Time.Advance(TimeSpan.FromSeconds(1));
        (await api.GetAsync(WhoAmI, late)).Is(200);
    }

    [Fact]
    public async Task Held_up_requests_have_one_entry_a_minute_in_the_audit_trail_with_the_number_of_those_between()
    {
        var time = new FakeTimeProvider();
        await using var api = await StartAsync(time, new ThrottleOptions { FailedSignInsPerMinute = 1 });
        foreach (var requests in new[] { 4, 2, 1 })
        {
            (await api.GetAsync(WhoAmI, Bad)).IsProblem(401, "token-invalid");
            for (var i = 0; i < requests; i++)
            {
                (await api.GetAsync(WhoAmI, Bad)).IsProblem(429, "too-many-requests");
            }

            time.Advance(TimeSpan.FromMinutes(1));
        }

        var entries = (await api.GetAsync("/api/platform/audit?outcome=held-up")).Is(200).Json["entries"]!.AsArray();
        Assert.Equal([1, 3, null], entries.Select(e => (int?)e!["repeats"]));
        Assert.All(entries, e => Assert.Equal("anonymous sign-in whoami system too-many-requests", $"{e!["subject"]} {e["action"]} {e["operation"]} {e["scope"]} {e["code"]}"));
    }

    [Fact]
    public async Task Token_over_its_rate_is_in_the_audit_trail_by_its_name()
    {
        await using var api = await StartAsync(new FakeTimeProvider(), new ThrottleOptions { RequestsPerSecond = 10, RequestBurst = 10 });
        await api.ScopesAsync();
        var made = await api.MakeTokenAsync(ScopeId.Org("acme"), "shell");
        for (var i = 0; i < 15; i++)
        {
            (await api.GetAsync("/api/platform/workspaces/w1/modules", Callers.Bearer(made["secret"]!))).Is(i < 10 ? 200 : 429);
        }

        var entry = Assert.Single((await api.GetAsync("/api/platform/workspaces/w1/audit?outcome=held-up")).Is(200).Json["entries"]!.AsArray());
        Assert.Equal($"token:{made.Json["token"]!["id"]} read-map workspaceMap", $"{entry!["subject"]} {entry["action"]} {entry["operation"]}");
    }

    private static Task<ApiFixture> StartAsync(TimeProvider time, ThrottleOptions options, IJwtVerifier? verifier = null) => ApiFixture.StartWithAsync(builder =>
    {
        if (verifier is not null)
        {
            builder.Services.AddSingleton(verifier);
        }

        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(new Throttle(options, time));
    });
}
