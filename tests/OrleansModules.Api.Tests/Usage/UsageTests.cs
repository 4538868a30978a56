using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Access;
using OrleansModules.Api.Tests.Access;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Usage;
using static OrleansModules.Api.Tests.Hosting.Requests;
using static OrleansModules.Api.Tests.Usage.UsageApi;

namespace OrleansModules.Api.Tests.Usage;

/// <summary>Usage over HTTP (requirements K1, K12).</summary>
public sealed class UsageTests
{
    private const string ThreeOfKb = """
        {"events":[
          {"module":"kb","workspaceId":"w1","actor":"ann","quantity":2,"occurredAt":"2029-12-31T10:00:00Z","details":{"page":"/a"}},
          {"module":"kb","workspaceId":"w2","orgId":"acme","actor":"bob","quantity":3,"occurredAt":"2029-12-31T23:30:00+00:00"},
          {"module":"kb","workspaceId":"w1","actor":"ann","occurredAt":"2029-12-31T00:30:00+01:00"}]}
        """;

    [Theory]
    [Requirement("K12", "granularity daily, weekly, monthly")]
    [InlineData("", "2029-12-30 kb use 1 1 1 1", "2029-12-31 kb use 2 5 2 2", "2030-01-01 chat open 1 1 0 0")]
    [InlineData("?granularity=week", "2029-12-24 kb use 1 1 1 1", "2029-12-31 chat open 1 1 0 0", "2029-12-31 kb use 2 5 2 2")]
    [InlineData("?granularity=month", "2029-12-01 kb use 3 6 2 2", "2030-01-01 chat open 1 1 0 0")]
    [InlineData("?granularity=month&module=chat", "2030-01-01 chat open 1 1 0 0")]
    [InlineData("?from=2029-12-31&to=2029-12-31", "2029-12-31 kb use 2 5 2 2")]
    [InlineData("?to=2029-12-29")]
    public async Task Events_become_statistics_by_period(string query, params string[] expected)
    {
        await using var usage = await UsageApi.StartAsync();
        var batch = (await usage.Api.PostAsync(UsageApi.Usage, ThreeOfKb)).Is(202);
        Assert.Equal("""{"accepted":3,"dropped":0}""", batch.Text);
        Assert.Equal("1", (await usage.Api.PostAsync(UsageApi.Usage, """{"module":"chat","orgId":"acme","eventType":"open"}""")).Is(202)["accepted"]);

        var rolled = (await usage.Api.PostAsync(RollUp + "?from=2029-12-01&to=2030-01-01")).Is(200);
        Assert.Equal("""{"from":"2029-12-01","to":"2030-01-01","sums":3}""", rolled.Text);
        Assert.Equal("3", (await usage.Api.PostAsync(RollUp + "?from=2029-12-01&to=2030-01-01")).Is(200)["sums"]);

        Assert.Equal(expected, Sums(await usage.Api.GetAsync(Statistics + query)));
    }

    [Fact]
    [Requirement("K12")]
    public async Task Statistics_come_in_pages()
    {
        await using var usage = await UsageApi.StartAsync();
        (await usage.Api.PostAsync(UsageApi.Usage, ThreeOfKb)).Is(202);
        (await usage.Api.PostAsync(UsageApi.Usage, """{"events":[{"module":"chat","workspaceId":"w1"},{"module":"kb","workspaceId":"w1","eventType":"search"},{"module":"kb","workspaceId":"w1"}]}""")).Is(202);
        (await usage.Api.PostAsync(RollUp + "?from=2029-12-01")).Is(200);
        foreach (var granularity in new[] { "day", "week", "month" })
        {
            var all = Sums(await usage.Api.GetAsync($"{Statistics}?granularity={granularity}"));
            var paged = new List<string>();
            string? next = null;
            do
            {
                var page = await usage.Api.GetAsync($"{Statistics}?granularity={granularity}&limit=2{(next is null ? "" : "&after=" + next)}");
                paged.AddRange(Sums(page));
                next = page["next"];
            }
            while (next is not null);
            Assert.Equal(all, paged);
            Assert.True(all.Length > 2);
        }
    }

    [Fact]
    [Requirement("K1")]
    public async Task Faulty_events_are_refused_whole_with_every_fault()
    {
        await using var usage = await UsageApi.StartAsync(isWriting: false);

        var refused = (await usage.Api.PostAsync(UsageApi.Usage, """
            {"events":[
              {"module":"kb","workspaceId":"w1"},
              {"module":"KB","workspaceId":"w1","quantity":-1,"eventType":"Use it","actor":"","details":[],"color":1},
              {"workspaceId":"w1","occurredAt":"yesterday"},
              {"module":"kb"},
              {"module":"kb","workspaceId":"w1","orgId":"other","occurredAt":"2030-01-01T00:06:00Z"},
              {"module":"kb","workspaceId":"-","occurredAt":"2029-11-30T00:00:00Z"},
              {"module":"gone","workspaceId":"nobody","quantity":1.5},
              7]}
            """)).IsProblem(400, "validation-failed");

        Assert.Equal(
            [
                "invalid-id /events/5/workspaceId", "invalid-module-name /events/1/module", "invalid-value /events/1/actor", "invalid-value /events/1/eventType", "invalid-value /events/1/quantity",
                "invalid-value /events/2/occurredAt", "invalid-value /events/4/occurredAt", "invalid-value /events/4/orgId", "invalid-value /events/5/occurredAt", "invalid-value /events/6/quantity",
                "missing-field /events/2/module", "missing-field /events/3/workspaceId", "module-not-found /events/6/module", "not-an-object /events/1/details", "not-an-object /events/7",
                "unknown-field /events/1/color", "workspace-not-found /events/6/workspaceId",
            ],
            refused.Faults.Order(StringComparer.Ordinal));
        (await usage.Api.PostAsync(UsageApi.Usage, """{"module":"gone","workspaceId":"w1"}""")).IsProblem(404, "module-not-found");
        (await usage.Api.PostAsync(UsageApi.Usage, """{"events":[],"module":"kb"}""")).IsProblem(400, "unknown-field");
        (await usage.Api.PostAsync(UsageApi.Usage, $$$"""{"module":"kb","orgId":"acme","details":{"a":"{{{new string('x', 5000)}}}"}}""")).IsProblem(400, "invalid-value");
        (await usage.Api.PostAsync(UsageApi.Usage, """{"events":[]}""")).Is(202);
        Assert.Equal(0, usage.Api.App.Services.GetRequiredService<UsageQueue>().Waiting);
    }

    [Fact]
    [Requirement("K1")]
    public async Task Batch_has_as_many_events_as_the_settings_say()
    {
        await using var usage = await UsageApi.StartAsync(null, true, ("/Modules:Usage:MaxBatch", "2"));
        var one = """{"module":"kb","workspaceId":"w1"}""";
        (await usage.Api.PostAsync(UsageApi.Usage, $$"""{"events":[{{one}},{{one}}]}""")).Is(202);
        Assert.Equal(["invalid-value /events"], (await usage.Api.PostAsync(UsageApi.Usage, $$"""{"events":[{{one}},{{one}},{{one}}]}""")).IsProblem(400, "invalid-value").Faults);
    }

    [Fact]
    [Requirement("K1", "loss is counted and said")]
    public async Task What_does_not_fit_into_the_queue_is_said_in_the_answer()
    {
        await using var usage = await UsageApi.StartAsync(null, false, ("/Modules:Usage:Capacity", "2"));

        var answer = (await usage.Api.PostAsync(UsageApi.Usage, ThreeOfKb)).Is(202);

        Assert.Equal("""{"accepted":2,"dropped":1}""", answer.Text);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(1, usage.Api.App.Services.GetRequiredService<UsageQueue>().Dropped);
    }

    [Fact]
    [Requirement("B20")]
    public async Task Callers_report_for_their_own_scopes_only()
    {
        await using var usage = await UsageApi.StartAsync();
        var shell = await usage.Api.HolderAsync(ScopeId.Workspace("w1"), "shell");
        var member = await usage.Api.HolderAsync(ScopeId.Org("acme"), "org_user");
        var admin = await usage.Api.HolderAsync(ScopeId.Org("acme"), "org_admin");

        await ReportAsync(shell, "\"workspaceId\":\"w1\"", 202);
        await ReportAsync(shell, "\"workspaceId\":\"w2\"", 404);
        await ReportAsync(shell, "\"orgId\":\"acme\"", 404);
        await ReportAsync(member, "\"orgId\":\"acme\"", 202);
        await ReportAsync(member, "\"workspaceId\":\"w1\"", 404);
        await ReportAsync(admin, "\"workspaceId\":\"w2\"", 202);
        await ReportAsync(Callers.Nobody, "\"workspaceId\":\"w1\"", 401);
        (await usage.Api.GetAsync(Statistics, admin)).Is(200);
        (await usage.Api.GetAsync(Statistics, member)).IsProblem(403, "forbidden");
        (await usage.Api.GetAsync(Statistics, shell)).IsProblem(404, "org-not-found");
        (await usage.Api.PostAsync(RollUp, null, admin)).IsProblem(403, "forbidden");
        (await usage.Api.PostAsync(RollUp, null, await usage.Api.HolderAsync(ScopeId.System, "operator"))).Is(200);

        async Task ReportAsync((string, string) who, string where, int status) => (await usage.Api.PostAsync(UsageApi.Usage, $$"""{"module":"kb",{{where}}}""", who)).Is(status);
    }

    [Fact]
    public async Task Person_reports_what_they_do_themselves()
    {
        await using var api = await Callers.StartWithPeopleAsync(null, new RoleGrant(ScopeId.Workspace("w1"), ScopeRole.WsUser));
        await api.RegisterAsync("kb");
        await api.ScopesAsync();
        (await api.PostAsync(UsageApi.Usage, """{"module":"kb","workspaceId":"w1"}""", Callers.Bearer("jwt:ann"))).Is(202);
        (await api.PostAsync(UsageApi.Usage, """{"module":"kb","workspaceId":"w1","actor":"ann"}""", Callers.Bearer("jwt:ann"))).Is(202);
        Assert.Equal(["invalid-value /actor"], (await api.PostAsync(UsageApi.Usage, """{"module":"kb","workspaceId":"w1","actor":"bob"}""", Callers.Bearer("jwt:ann"))).IsProblem(400, "invalid-value").Faults);
    }

    [Theory]
    [Requirement("K12")]
    [InlineData("from=2029-1-1", "from")]
    [InlineData("to=today", "to")]
    [InlineData("from=2030-01-01&to=2029-12-31", "from")]
    [InlineData("from=2028-01-01&to=2029-12-31", "from")]
    [InlineData("granularity=year", "granularity")]
    [InlineData("limit=0", "limit")]
    [InlineData("after=2030-01-01", "after")]
    [InlineData("nope=1", "nope")]
    public async Task Bad_questions_are_refused_by_parameter(string query, string parameter)
    {
        await using var usage = await UsageApi.StartAsync();
        Assert.Equal([$"invalid-parameter {parameter}"], (await usage.Api.GetAsync($"{Statistics}?{query}")).IsProblem(400, "invalid-parameter").Faults);
    }

    [Fact]
    public async Task Statistics_of_nothing_that_exists_are_not_found()
    {
        await using var usage = await UsageApi.StartAsync();
        (await usage.Api.GetAsync($"{Orgs}/nobody/usage")).IsProblem(404, "org-not-found");
        (await usage.Api.GetAsync($"{Statistics}?module=K")).IsProblem(400, "invalid-module-name");
    }

    [Fact]
    public async Task Statistics_while_the_store_is_away_say_so_and_reports_are_still_taken()
    {
        await using var usage = await UsageApi.StartAsync(services => services.AddSingleton<IUsageStore, AwayStore>());
        (await usage.Api.PostAsync(UsageApi.Usage, ThreeOfKb)).Is(202);
        (await usage.Api.GetAsync(Statistics)).IsProblem(503, "store-unavailable");
        (await usage.Api.PostAsync(RollUp)).IsProblem(503, "store-unavailable");
    }

    private sealed class AwayStore : IUsageStore
    {
        private static StoreException Away => new(StoreFailure.Unavailable, "away");

        public ValueTask WriteAsync(IReadOnlyCollection<UsageEvent> events, CancellationToken cancellationToken) => throw Away;

        public ValueTask<long> RollUpAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken) => throw Away;

        public ValueTask<IReadOnlyList<DailyUsage>> DailyAsync(UsageQuery query, CancellationToken cancellationToken) => throw Away;
    }
}
