using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Conditional;

/// <summary>Entity tags, <c>If-None-Match</c>, <c>If-Match</c> and <c>?atLeast=</c>.</summary>
public sealed class ConditionalTests
{
    private const string WsMap = $"{Workspaces}/w1/modules";

    [Theory]
    [InlineData(Modules, "\"s1\"")]
    [InlineData($"{Modules}/kb", "\"s1\"")]
    [InlineData($"{Orgs}/acme/modules", "\"s1.o1\"")]
    [InlineData($"{Orgs}/acme/modules/kb", "\"s1.o1\"")]
    [InlineData($"{Orgs}/acme/availability", "\"s1.o1\"")]
    [InlineData(WsMap, "\"s1.o1.w1\"")]
    [InlineData($"{WsMap}/kb", "\"s1.o1.w1\"")]
    [InlineData($"{Workspaces}/w1/availability", "\"s1.o1.w1\"")]
    [Requirement("B21")]
    public async Task Tag_is_the_version_and_answers_304_while_it_holds(string path, string tag)
    {
        await using var api = await StartAsync();

        var read = (await api.GetAsync(path)).Is(200);
        Assert.Equal(tag, read.ETag);
        Assert.Equal(tag.Trim('"'), read["version"] is { } version && !version.Equals("1.0.0", StringComparison.Ordinal) ? version : tag.Trim('"'));
        foreach (var known in new[] { tag, $"W/{tag}", $"\"x\", {tag}", $"\"s0\",W/{tag} ", "*" })
        {
            var same = (await api.GetAsync(path, ("If-None-Match", known))).Is(304);
            Assert.Equal((tag, 0), (same.ETag, same.Bytes.Length));
            (await api.SendAsync(HttpMethod.Head, path, null, ("If-None-Match", known))).Is(304);
        }

        foreach (var other in new[] { "\"s0\"", "s1", "\"\"", "," })
        {
            (await api.GetAsync(path, ("If-None-Match", other))).Is(200);
        }

        await api.RegisterAsync("more");
        Assert.NotEqual(tag, (await api.GetAsync(path, ("If-None-Match", tag))).Is(200).ETag);
    }

    [Theory]
    [InlineData(Modules)]
    [InlineData($"{Modules}/kb")]
    [InlineData(WsMap)]
    [InlineData($"{WsMap}/kb")]
    [InlineData($"{Workspaces}/w1/availability")]
    [Requirement("B21")]
    public async Task Answer_304_says_how_to_keep_it_as_200_does(string path)
    {
        await using var api = await StartAsync();

        var read = (await api.GetAsync(path)).Is(200);
        var same = (await api.GetAsync(path, ("If-None-Match", "*"))).Is(304);

        Assert.Equal("no-cache, private", read.Headers.CacheControl?.ToString());
        Assert.Equal(read.Headers.CacheControl, same.Headers.CacheControl);
        Assert.Equal(read.Headers.Vary, same.Headers.Vary);
    }

    /// <summary>Two organizations may be at the same version: a cache that knows only the address must not take the one's map for the other's.</summary>
    [Theory]
    [InlineData("/admin/org/mgmt/modules")]
    [InlineData("/admin/org/mgmt/modules/kb")]
    [InlineData("/admin/org/mgmt/modules?atLeast=s1")]
    [Requirement("B17")]
    public async Task Answer_for_an_organization_that_a_header_names_is_not_kept_by_caches(string path)
    {
        await using var api = await StartAsync();
        (await api.PutAsync($"{Orgs}/other", "{}")).Is(201);
        var (acme, other) = (await api.GetAsync(path, ("X-Org-Id", "acme")), await api.GetAsync(path, ("X-Org-Id", "other")));
        Assert.Equal(acme.Is(200).ETag, other.Is(200).ETag);

        foreach (var answer in new[] { acme, other, (await api.GetAsync(path, ("X-Org-Id", "acme"), ("If-None-Match", acme.ETag!))).Is(304) })
        {
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
            Assert.Contains("X-Org-Id", answer.Headers.Vary);
        }

        var named = (await api.GetAsync(path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "orgId=acme")).Is(200);
        Assert.Equal("no-cache, private", named.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("nobody", 404, "module-not-found")]
    [InlineData("No-Name", 400, "invalid-module-name")]
    public async Task A_module_that_is_not_there_is_not_304(string name, int status, string code)
    {
        await using var api = await StartAsync();

        foreach (var known in new[] { "*", "\"s1.o1.w1\"" })
        {
            var answer = (await api.GetAsync($"{WsMap}/{name}", ("If-None-Match", known))).IsProblem(status, code);
            Assert.Null(answer.ETag);
        }
    }

    [Theory]
    [InlineData($"{Modules}/kb", """{"tier":2}""", "s1", 1)]
    [InlineData($"{Orgs}/acme/modules/kb", """{"isEnabled":false}""", "s1.o1", 1)]
    [InlineData($"{WsMap}/kb", """{"isEnabled":false}""", "s1.o1.w1", 1)]
    [InlineData($"{Orgs}/acme", """{"name":"n"}""", "s1.o1", 1)]
    [InlineData($"{Workspaces}/w1", """{"name":"n"}""", "s1.o1.w1", 1)]
    public async Task Write_based_on_the_current_revision_is_taken_and_on_an_older_one_refused(string path, string body, string version, int revision)
    {
        await using var api = await StartAsync();

        var accepted = (await api.PutAsync(path, body, ("If-Match", $"\"{version}\""))).Is(200);
        Assert.Equal((revision + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), accepted["revision"]);
        foreach (var stale in new[] { $"\"{version}\"", $"\"{revision}\"", "\"99\"" })
        {
            var refused = (await api.PutAsync(path, body, ("If-Match", stale))).IsProblem(412, "revision-mismatch");
            Assert.Equal((accepted["revision"], accepted["version"]), (refused["currentRevision"], refused["currentVersion"]));
        }

        (await api.PutAsync(path, body, ("If-Match", "*"))).Is(200);
        (await api.PutAsync(path, body, ("If-Match", $"\"{accepted["revision"]}\""))).Is(200);
        foreach (var malformed in new[] { "x", "1", $"W/\"{version}\"", "\"\"", "\"s\"", "\"s1.x2\"", "\"-1\"", $"\"{version}\", \"{version}\"", "\"99999999999999999999\"" })
        {
            Assert.Equal(["invalid-header If-Match"], (await api.PutAsync(path, body, ("If-Match", malformed))).IsProblem(400, "invalid-header").Faults);
        }
    }

    [Fact]
    public async Task Change_of_a_parent_does_not_make_a_write_stale()
    {
        await using var api = await StartAsync();
        var tag = (await api.GetAsync(WsMap)).ETag!;
        await api.RegisterAsync("more");
        (await api.PutAsync($"{Orgs}/acme/modules/kb", """{"configOverrides":{"a":1}}""")).Is(200);

        (await api.PutAsync($"{WsMap}/kb", """{"configOverrides":{"a":2}}""", ("If-Match", tag))).Is(200);
        (await api.PutAsync($"{WsMap}/kb", """{"configOverrides":{"a":3}}""", ("If-Match", "\"s2.o2\""))).IsProblem(400, "invalid-header");
    }

    [Fact]
    public async Task Write_to_a_deleted_scope_based_on_its_revision_is_refused()
    {
        await using var api = await StartAsync();
        (await api.DeleteAsync($"{Workspaces}/w1", ("If-Match", "\"1\""))).Is(200);

        (await api.DeleteAsync($"{Workspaces}/w1", ("If-Match", "\"2\""))).IsProblem(404, "workspace-not-found");
        (await api.PutAsync($"{Workspaces}/w1", """{"orgId":"acme"}""", ("If-Match", "\"2\""))).IsProblem(412, "revision-mismatch");
    }

    [Fact]
    public async Task AtLeast_of_a_version_that_is_there_answers_at_once()
    {
        await using var api = await StartAsync();

        foreach (var path in new[] { Modules, $"{Modules}/kb", $"{Orgs}/acme/modules", WsMap, $"{WsMap}/kb", $"{Workspaces}/w1/availability" })
        {
            foreach (var version in new[] { "s0", "s1", "s1.o0", "s1.o1.w1" })
            {
                (await api.GetAsync($"{path}?atLeast={version}")).Is(200);
            }
        }
    }

    [Theory]
    [InlineData(Modules, "s2")]
    [InlineData($"{Modules}/kb", "s2")]
    [InlineData($"{Orgs}/acme/modules", "s2.o1")]
    [InlineData(WsMap, "s2.o1.w1")]
    [InlineData($"{Workspaces}/w1/availability", "s2")]
    public async Task AtLeast_of_a_version_to_come_waits_for_the_write(string path, string version)
    {
        await using var api = await StartAsync(("AtLeastPatience", "00:01:00"));
        var waiting = api.GetAsync($"{path}?atLeast={version}");

        Assert.False(waiting.IsCompleted);
        await api.RegisterAsync("more");

        Assert.Contains($"\"{version}", (await waiting).Is(200).ETag, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Modules, "s1")]
    [InlineData($"{Modules}/kb", "s1")]
    [InlineData($"{Orgs}/acme/modules", "s1.o1")]
    [InlineData($"{WsMap}/kb", "s1.o1.w1")]
    [InlineData($"{Workspaces}/w1/availability", "s1.o1.w1")]
    public async Task AtLeast_of_a_version_that_does_not_come_is_503(string path, string current)
    {
        await using var api = await StartAsync(("AtLeastPatience", "00:00:00.020"));

        var late = (await api.GetAsync($"{path}?atLeast=s9")).IsProblem(503, "version-not-reached");
        Assert.Equal((current, "1"), (late["currentVersion"], late.Headers.RetryAfter?.ToString()));
        Assert.Null(late.ETag);
        foreach (var malformed in new[] { "", "x", "s", "s01", "o1", "s1.w1", "s1.o1.w1.x1", "s-1", "\"s1\"" })
        {
            Assert.Equal(["invalid-parameter atLeast"], (await api.GetAsync($"{path}?atLeast={Uri.EscapeDataString(malformed)}")).IsProblem(400, "invalid-parameter").Faults);
        }
    }

    private static async Task<ApiFixture> StartAsync(params (string Name, string Value)[] settings)
    {
        var api = await ApiFixture.StartAsync(settings: settings);
        await api.RegisterAsync("kb");
        await api.ScopesAsync();
        return api;
    }
}
