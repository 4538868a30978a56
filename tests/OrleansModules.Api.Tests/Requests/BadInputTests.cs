using System.Text;
using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Requests;

/// <summary>Every bad request has a clear answer with a stable code, all its faults at once, and changes nothing.</summary>
public sealed class BadInputTests(BadInputTests.SharedApi shared) : IClassFixture<BadInputTests.SharedApi>
{
    /// <summary>One application for all rows: they change nothing.</summary>
    public sealed class SharedApi : IAsyncLifetime
    {
        internal ApiFixture Api { get; private set; } = null!;

        /// <inheritdoc/>
        public async Task InitializeAsync()
        {
            Api = await ApiFixture.StartAsync();
            await Api.RegisterAsync("kb");
            await Api.ScopesAsync();
            (await Api.PutAsync($"{Orgs}/empty", "{}")).Is(201);
        }

        /// <inheritdoc/>
        public async Task DisposeAsync() => await Api.DisposeAsync();
    }

    /// <summary>Rows by number, with what tells them apart.</summary>
    public static TheoryData<int, string> Rows()
    {
        var rows = new TheoryData<int, string>();
        foreach (var (index, row) in BadInput.All().Index())
        {
            var body = row.Body is null ? "" : Encoding.ASCII.GetString(row.Body);
            rows.Add(index, $"{row.Route} {(body.Length > 60 ? body[..60] : body)}");
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    [Requirement("B19")]
    public async Task Bad_request_is_answered_with_all_its_faults_and_changes_nothing(int row, string summary)
    {
        Assert.NotNull(summary);
        var (route, body, status, code, faults) = BadInput.All().ElementAt(row);
        var api = shared.Api;
        var before = await VersionsAsync();

        var answer = (await api.SendBytesAsync(HttpMethod.Parse(route.Split(' ')[0]), route.Split(' ')[1], body)).IsProblem(status, code);

        Assert.Equal(faults, answer.Faults);
        Assert.Equal(before, await VersionsAsync());

        async Task<string> VersionsAsync() =>
            $"{(await api.GetAsync($"{Workspaces}/w1")).Is(200).ETag} {(await api.GetAsync($"{Orgs}/empty")).Is(200).ETag} {(await api.GetAsync(Modules)).Is(200).ETag} {api.Store.Appends}";
    }

    [Fact]
    [Requirement("B19")]
    public async Task Faults_of_address_query_headers_and_body_are_told_together()
    {
        await using var api = await ApiFixture.StartAsync();

        var answer = (await api.PutAsync($"{Workspaces}/-/modules/X?nope=1", """{"isEnabled":1}""", ("If-Match", "x"), ("Idempotency-Key", "a b"), ("X-Actor", new string('a', 201))))
            .IsProblem(400, "validation-failed");

        Assert.Equal(["invalid-id id", "invalid-parameter nope", "invalid-header If-Match", "invalid-header Idempotency-Key", "invalid-header X-Actor", "invalid-module-name name", "invalid-value /isEnabled"], answer.Faults);
    }

    [Theory]
    [InlineData($"{Workspaces}/-/modules/UP?nope=1&atLeast=x", "invalid-id id", "invalid-module-name name", "invalid-parameter nope", "invalid-parameter atLeast")]
    [InlineData($"{Workspaces}/-/modules?nope=1", "invalid-id id", "invalid-parameter nope")]
    [InlineData($"{Workspaces}/nobody/modules/UP", "invalid-module-name name")]
    [InlineData($"{Workspaces}/w1/modules/UP?atLeast=s99", "invalid-module-name name")]
    [InlineData($"{Orgs}/-/availability?atLeast=x", "invalid-id id", "invalid-parameter atLeast")]
    [Requirement("B19")]
    public async Task Faults_of_a_read_are_told_together_and_before_anything_is_looked_up(string path, params string[] faults) =>
        Assert.Equal(faults, (await shared.Api.GetAsync(path)).IsProblem(400, faults.Length > 1 ? "validation-failed" : faults[0].Split(' ')[0]).Faults);

    [Theory]
    [InlineData("GET", "/", 404, "route-not-found", null)]
    [InlineData("GET", "/api/platform", 404, "route-not-found", null)]
    [InlineData("GET", "/api/platform/modules/a/b/c", 404, "route-not-found", null)]
    [InlineData("POST", "/api/platform/modules/kb/explode", 404, "route-not-found", null)]
    [InlineData("DELETE", Modules, 405, "method-not-allowed", "GET, HEAD, POST")]
    [InlineData("POST", Orgs, 405, "method-not-allowed", "GET, HEAD")]
    [InlineData("PUT", "/health/live", 405, "method-not-allowed", "GET, HEAD")]
    [InlineData("GET", "/api/platform/batch", 405, "method-not-allowed", "POST")]
    [InlineData("OPTIONS", $"{Modules}/kb", 405, "method-not-allowed", "DELETE, GET, HEAD, PATCH, PUT")]
    public async Task Unknown_route_or_method_is_a_problem(string method, string path, int status, string code, string? allow)
    {
        var answer = (await shared.Api.SendAsync(HttpMethod.Parse(method), path, null)).IsProblem(status, code);

        Assert.Equal(allow, allow is null ? null : string.Join(", ", answer.Content.Allow.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("4")]
    [InlineData("32")]
    [Requirement("B19")]
    public async Task Deepest_body_that_is_taken_can_be_read_everywhere(string limit)
    {
        var depth = int.Parse(limit, System.Globalization.CultureInfo.InvariantCulture);
        await using var api = await ApiFixture.StartAsync(settings: ("MaxJsonDepth", limit));
        await api.ScopesAsync();
        await api.RegisterAsync("kb");
        var value = string.Concat(Enumerable.Repeat("{\"a\":", depth - 2)) + "{}" + new string('}', depth - 2);

        (await api.PutAsync($"{Modules}/kb", $$"""{"config":{{value}}}""")).Is(200);
        (await api.PutAsync($"{Workspaces}/w1/modules/kb", $$"""{"configOverrides":{{value}}}""")).Is(200);
        (await api.PatchAsync($"{Workspaces}/w1/modules/kb", """{"configOverrides":{"b":1}}""")).Is(200);
        (await api.PutAsync($"{Workspaces}/w1/modules/kb", $$$"""{"configOverrides":{"a":{{{value}}}}}""")).IsProblem(400, "invalid-json");

        foreach (var path in new[] { "/modules", "/modules/kb", "/modules/kb/explain", "/modules/kb/override", "/history" })
        {
            (await api.GetAsync($"{Workspaces}/w1{path}")).Is(200);
        }

        (await api.GetAsync("/api/platform/history")).Is(200);
        (await api.GetAsync(Modules)).Is(200);
        await using var again = await api.ReopenAsync();
        Assert.Equal(6, (await again.FeedAsync(0, 100, CancellationToken.None)).Count);
    }
}
