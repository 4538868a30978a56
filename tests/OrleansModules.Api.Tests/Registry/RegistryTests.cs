using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Registry;

/// <summary>Requirements A over HTTP.</summary>
public sealed class RegistryTests
{
    [Fact]
    [Requirement("A22")]
    public async Task Register_of_a_new_name_answers_where_it_is_and_the_version()
    {
        await using var api = await ApiFixture.StartAsync();

        var answer = (await api.PostAsync(Modules, """{"name":"kb","displayName":"Knowledge","tier":2,"type":"core"}""", ("X-Actor", "ann"), ("X-Change-Reason", "f%C3%BCr alle"))).Is(201);

        Assert.Equal("/api/platform/modules/kb", answer.Headers.Location?.ToString());
        Assert.Equal("\"s1\"", answer.ETag);
        Assert.Equal(("true", "system", "1", "s1"), (answer["changed"], answer["scope"], answer["revision"], answer["version"]));
        Assert.Equal(("ann via bootstrap", "für alle", "module-registered", "kb"), (answer["actor"], answer["reason"], answer["kind"], answer["module"]));
        var read = (await api.GetAsync($"{Modules}/kb")).Is(200);
        Assert.Equal(("Knowledge", "core", "2", "\"s1\""), (read["displayName"], read["type"], read["tier"], read.ETag));
        Assert.Equal("ann via bootstrap", (string?)read.Json["registered"]!["actor"]);
    }

    [Fact]
    [Requirement("A22")]
    public async Task Register_of_a_taken_name_is_refused()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("kb");

        var answer = (await api.PostAsync(Modules, """{"name":"kb"}""")).IsProblem(409, "module-exists");

        Assert.Equal(["module-exists /name"], answer.Faults);
    }

    [Fact]
    [Requirement("A3")]
    public async Task List_is_ordered_by_tier_then_name_and_filtered()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("zeta", "\"tier\":1,\"type\":\"core\"");
        await api.RegisterAsync("beta", "\"tier\":2");
        await api.RegisterAsync("alpha", "\"tier\":2,\"isEnabled\":false");
        await api.RegisterAsync("aaa", "\"tier\":3");

        Assert.Equal("zeta alpha beta aaa", await NamesAsync(""));
        Assert.Equal("zeta", await NamesAsync("?type=core"));
        Assert.Equal("alpha beta aaa", await NamesAsync("?type=functional"));
        Assert.Equal("alpha", await NamesAsync("?enabled=false"));
        Assert.Equal("beta aaa", await NamesAsync("?enabled=true&type=functional"));
        (await api.GetAsync($"{Modules}?type=other")).IsProblem(400, "invalid-parameter");

        async Task<string> NamesAsync(string query) => string.Join(' ', (await api.GetAsync(Modules + query)).Is(200).Json["modules"]!.AsArray().Select(m => (string?)m!["name"]));
    }

    [Fact]
    [Requirement("A22")]
    public async Task Put_replaces_and_patch_merges()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("kb", """
            "description":"old","config":{"a":1,"b":{"c":2,"d":3}},"featureFlags":{"x":true}
            """);

        (await api.PatchAsync($"{Modules}/kb", """{"config":{"b":{"c":null,"e":4}},"tier":1}""")).Is(200);
        var patched = await api.GetAsync($"{Modules}/kb");
        Assert.Equal("""{"a":1,"b":{"d":3,"e":4}}""", patched["config"]);
        Assert.Equal(("old", "1", """{"x":true}"""), (patched["description"], patched["tier"], patched["featureFlags"]));

        (await api.PutAsync($"{Modules}/kb", """{"config":{"only":true}}""")).Is(200);
        var put = await api.GetAsync($"{Modules}/kb");
        Assert.Equal("""{"only":true}""", put["config"]);
        Assert.Equal((null, "3", "{}"), (put["description"], put["tier"], put["featureFlags"]));
        (await api.PutAsync($"{Modules}/kb", """{"name":"other"}""")).IsProblem(400, "module-name-fixed");
        Assert.Equal("false", (await api.PutAsync($"{Modules}/kb", """{"config":{"only":true}}""")).Is(200)["changed"]);
    }

    [Fact]
    [Requirement("A22")]
    public async Task Put_of_what_was_read_changes_nothing()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("base");
        await api.RegisterAsync("kb", """
            "description":"d","minCompatibleVersion":"1.0.0","version":"2.1.0-rc.1+b","config":{"a":[1,{"b":null}]},"configMerge":"deep","featureFlags":{"x":true},
            "navConfig":{"route":"/kb","children":[{"label":"x","adminOnly":true}]},"dependencies":["base",{"name":"later","range":"^1.0.0","optional":true}],"requiredPermissions":["kb.read"]
            """);

        var answer = await api.PutAsync($"{Modules}/kb", (await api.GetAsync($"{Modules}/kb")).Text);

        Assert.Equal("false", answer.Is(200)["changed"]);
    }

    [Fact]
    [Requirement("A9")]
    public async Task Enable_with_a_disabled_dependency_is_refused_unless_forced()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("base", "\"isEnabled\":false");
        await api.RegisterAsync("other", "\"isEnabled\":false");
        await api.RegisterAsync("top", "\"isEnabled\":false,\"dependencies\":[\"base\",\"other\"]");

        var refused = (await api.PostAsync($"{Modules}/top/enable")).IsProblem(409, "dependency-conflict");
        Assert.Equal(["base", "other"], refused.Strings("dependencies"));
        Assert.Equal(2, refused.Faults.Length);
        var forced = (await api.PostAsync($"{Modules}/top/enable?force=true")).Is(200);
        Assert.Equal(["top"], forced.Strings("broke"));
        Assert.Equal("dependency-unavailable", (string?)(await api.GetAsync($"{Modules}/top")).Json["reasons"]![0]!["code"]);
    }

    [Fact]
    [Requirement("A9")]
    public async Task Disable_under_enabled_dependents_is_refused_unless_forced()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("base");
        await api.RegisterAsync("b-top", "\"dependencies\":[\"base\"]");
        await api.RegisterAsync("a-top", "\"dependencies\":[\"base\"]");
        await api.RegisterAsync("loose", "\"dependencies\":[{\"name\":\"base\",\"optional\":true}]");

        var refused = (await api.PostAsync($"{Modules}/base/disable")).IsProblem(409, "dependent-modules-exist");
        Assert.Equal(["a-top", "b-top"], refused.Strings("dependents"));
        (await api.DeleteAsync($"{Modules}/base")).IsProblem(409, "dependent-modules-exist");
        Assert.Equal(["a-top", "b-top"], (await api.PostAsync($"{Modules}/base/disable?force=true")).Is(200).Strings("broke"));
        Assert.Equal("true", (await api.GetAsync($"{Modules}/loose"))["isAvailable"]);
        Assert.Empty((await api.PostAsync($"{Modules}/base/enable")).Is(200).Strings("broke"));
    }

    [Fact]
    [Requirement("A9")]
    public async Task Dependency_of_a_version_out_of_range_is_refused()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("base", "\"version\":\"2.0.0\"");

        var refused = (await api.PostAsync(Modules, """{"name":"top","dependencies":[{"name":"base","range":"^1.0.0"}]}""")).IsProblem(409, "dependency-conflict");
        Assert.Equal(["base"], refused.Strings("dependencies"));
        Assert.Contains("2.0.0", refused["detail"], StringComparison.Ordinal);
        await api.RegisterAsync("top", "\"dependencies\":[{\"name\":\"base\",\"range\":\"^2.0.0\"}]");
        (await api.PatchAsync($"{Modules}/base", """{"version":"3.0.0"}""")).IsProblem(409, "dependent-modules-exist");
    }

    [Fact]
    [Requirement("A9")]
    public async Task Cycle_is_refused_even_by_force()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("a");
        await api.RegisterAsync("b", "\"dependencies\":[\"a\"]");
        await api.RegisterAsync("c", "\"dependencies\":[\"b\"]");

        var refused = (await api.PatchAsync($"{Modules}/a?force=true", """{"dependencies":["c"]}""")).IsProblem(409, "dependency-cycle");

        Assert.Contains("a -> c -> b -> a", refused["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/core/disable", null)]
    [InlineData("DELETE", "/core", null)]
    [InlineData("PATCH", "/core", """{"isEnabled":false}""")]
    [InlineData("PATCH", "/core", """{"type":"functional"}""")]
    [InlineData("PUT", "/core", """{"type":"core","isEnabled":false}""")]
    [Requirement("A7")]
    public async Task Core_module_is_protected_unless_forced(string method, string path, string? body)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("core", "\"type\":\"core\"");

        (await api.SendAsync(HttpMethod.Parse(method), Modules + path, body)).IsProblem(409, "core-module-protected");
        (await api.SendAsync(HttpMethod.Parse(method), Modules + path + "?force=true", body)).Is(200);
    }

    [Fact]
    [Requirement("A25")]
    public async Task Removed_name_stays_taken_until_history_brings_it_back()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        await api.RegisterAsync("kb", "\"config\":{\"a\":1}");

        (await api.DeleteAsync($"{Modules}/kb")).Is(200);
        (await api.GetAsync($"{Modules}/kb")).IsProblem(404, "module-not-found");
        (await api.DeleteAsync($"{Modules}/kb")).IsProblem(404, "module-not-found");
        (await api.PostAsync(Modules, """{"name":"kb"}""")).IsProblem(409, "module-exists");
        (await api.PutAsync($"{Modules}/kb", "{}")).IsProblem(409, "module-exists");
        Assert.Empty((await api.GetAsync($"{Workspaces}/w1/modules")).Json["modules"]!.AsArray());

        var history = (await api.GetAsync($"{Modules}/kb/history")).Is(200).Json["changes"]!.AsArray();
        Assert.Equal(["module-removed", "module-registered"], history.Select(c => (string?)c!["kind"]));
        (await api.PostAsync($"{Modules}/kb/history/1/restore")).Is(200);
        Assert.Equal("""{"a":1}""", (await api.GetAsync($"{Modules}/kb")).Is(200)["config"]);
        (await api.PostAsync($"{Modules}/kb/history/99/restore")).IsProblem(404, "revision-not-found");
        (await api.PostAsync($"{Modules}/kb/history/x/restore")).IsProblem(400, "invalid-parameter");
    }

    [Fact]
    public async Task History_is_paged_newest_first()
    {
        await using var api = await ApiFixture.StartAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            await api.RegisterAsync(name);
        }

        var first = (await api.GetAsync("/api/platform/history?limit=2")).Is(200);
        Assert.Equal(["3", "2"], first.Json["changes"]!.AsArray().Select(c => c!["revision"]!.ToString()));
        var rest = (await api.GetAsync($"/api/platform/history?limit=2&before={first["next"]}")).Is(200);
        Assert.Equal(["1"], rest.Json["changes"]!.AsArray().Select(c => c!["revision"]!.ToString()));
        Assert.Null(rest.Json["next"]);
        (await api.GetAsync("/api/platform/history?limit=1000")).Is(200);
        (await api.GetAsync("/api/platform/history?limit=1001")).IsProblem(400, "invalid-parameter");
        (await api.GetAsync($"{Modules}/nobody/history")).IsProblem(404, "module-not-found");
    }
}
