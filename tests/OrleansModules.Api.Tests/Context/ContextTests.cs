using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Context;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Access;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Context;

/// <summary>Settings, workspace context and navigation, metrics (requirements D1, D3, D7, D13, D15, D16).</summary>
public sealed class ContextTests
{
    private const string System = "/api/platform/settings";
    private const string Org = $"{Orgs}/acme/settings";
    private const string Workspace = $"{Workspaces}/w1/settings";
    private const string Context = $"{Workspaces}/w1/context";
    private const string Navigation = $"{Orgs}/acme/navigation";
    private const string Metrics = $"{Workspaces}/w1/metrics";

    [Fact]
    [Requirement("D1")]
    [Requirement("D3")]
    public async Task Context_without_settings_has_defaults_and_the_modules()
    {
        await using var api = await StartAsync();
        (await api.PutAsync($"{Workspaces}/w1", """{"name":"First"}""")).Is(200);
        (await api.PutAsync($"{Workspaces}/w1/modules/eval", """{"isEnabled":false}""")).Is(200);

        var answer = (await api.GetAsync(Context)).Is(200);

        var context = answer.Json;
        Assert.Equal(("w1", "acme"), ((string?)context["workspaceId"], (string?)context["orgId"]));
        Assert.Equal("""{"id":"w1","name":"First","color":null,"icon":null}""", context["workspace"]!.ToJsonString());
        Assert.Equal("""{"labelSingular":"Workspace","labelPlural":"Workspaces","icon":"folder"}""", context["navigation"]!.ToJsonString());
        Assert.Equal("""{"favoritesEnabled":false,"tagsEnabled":false,"colorCodingEnabled":false}""", context["features"]!.ToJsonString());
        Assert.Equal("ws_owner", (string?)context["userRole"]); // the tests' own token may do everything
        Assert.Equal("""["chat","kb"]""", context["moduleAvailability"]!["enabledModules"]!.ToJsonString());
        Assert.Equal(3, context["moduleAvailability"]!["modules"]!.AsArray().Count);
        Assert.StartsWith($"\"{context["moduleAvailability"]!["version"]}", answer.ETag, StringComparison.Ordinal);
        (await api.GetAsync(Context, ("If-None-Match", answer.ETag!))).Is(304);
    }

    [Fact]
    [Requirement("D7")]
    public async Task Settings_cascade_by_key_the_lowest_scope_wins()
    {
        await using var api = await StartAsync();
        (await api.PutAsync(System, """{"navLabelSingular":"Space","navLabelPlural":"Spaces","enableTags":true,"extra":{"a":1,"b":2}}""")).Is(200);
        (await api.PutAsync(Org, """{"navLabelSingular":"Room","enableTags":null,"enableFavorites":true,"extra":{"c":3}}""")).Is(200);
        var set = (await api.PutAsync(Workspace, """{"color":"teal","icon":"rocket","enableFavorites":false}""")).Is(200);
        Assert.Equal("settings-set", set["kind"]);

        var context = (await api.GetAsync(Context)).Is(200).Json;

        Assert.Equal("""{"id":"w1","name":null,"color":"teal","icon":"rocket"}""", context["workspace"]!.ToJsonString());
        Assert.Equal("""{"labelSingular":"Room","labelPlural":"Spaces","icon":"folder"}""", context["navigation"]!.ToJsonString());
        Assert.Equal("""{"favoritesEnabled":false,"tagsEnabled":true,"colorCodingEnabled":false}""", context["features"]!.ToJsonString());
        Assert.Equal("""{"c":3}""", context["extra"]!.ToJsonString());

        var settings = (await api.GetAsync(Workspace)).Is(200).Json;
        Assert.Equal("""{"color":"teal","enableFavorites":false,"icon":"rocket"}""", settings["settings"]!.ToJsonString());
        Assert.Equal("Room", (string?)settings["effective"]!["navLabelSingular"]);
        Assert.Equal("system", (await api.GetAsync(System)).Is(200)["scope"]);
    }

    [Fact]
    [Requirement("D7")]
    public async Task Settings_are_patched_compared_and_unchanged_like_everything_else()
    {
        await using var api = await StartAsync();
        var first = (await api.PutAsync(Org, """{"navIcon":"a","color":"red"}""")).Is(200);

        (await api.PatchAsync(Org, """{"navIcon":null}""", ("If-Match", "\"99\""))).IsProblem(412, "revision-mismatch");
        (await api.PatchAsync(Org, """{"navIcon":null}""", ("If-Match", first.ETag!))).Is(200);
        Assert.Equal("""{"color":"red"}""", (await api.GetAsync(Org)).Json["settings"]!.ToJsonString());
        Assert.Equal("false", (await api.PatchAsync(Org, """{"color":"red"}""")).Is(200)["changed"]);
        (await api.GetAsync($"{Orgs}/nobody/settings")).IsProblem(404, "org-not-found");
        (await api.PutAsync($"{Workspaces}/nobody/settings", "{}")).IsProblem(404, "workspace-not-found");
    }

    [Fact]
    public async Task Bad_settings_are_refused_with_every_fault()
    {
        await using var api = await StartAsync();

        var refused = (await api.PutAsync(Workspace, """{"color":"","enableTags":"yes","extra":[],"icon":1,"tabOrder":["kb","kb",7,"k\nb"],"theme":"dark"}""")).IsProblem(400, "validation-failed");

        Assert.Equal(
            ["invalid-value /color", "invalid-value /enableTags", "invalid-value /icon", "invalid-value /tabOrder/1", "invalid-value /tabOrder/2", "invalid-value /tabOrder/3", "not-an-object /extra", "unknown-field /theme"],
            refused.Faults.Order(StringComparer.Ordinal));
        (await api.PutAsync(Workspace, "[]")).Is(400);
        (await api.PatchAsync(Workspace, """{"tabOrder":"kb"}""")).Is(400);
    }

    [Theory]
    [Requirement("D15")]
    [InlineData(null, null, null, "chat,eval,kb")]
    [InlineData("""["kb"]""", null, null, "kb,chat,eval")]
    [InlineData("""["kb"]""", """["eval","kb"]""", null, "eval,kb,chat")]
    [InlineData("""["kb"]""", """["eval","kb"]""", """["overview","kb","gone"]""", "overview,kb,gone,chat,eval")]
    [InlineData("""["kb"]""", """["eval"]""", "[]", "chat,eval,kb")]
    public async Task Tab_order_is_the_first_said_from_below_with_unnamed_modules_appended(string? system, string? org, string? workspace, string expected)
    {
        await using var api = await StartAsync();
        foreach (var (path, order) in new[] { (System, system), (Org, org), (Workspace, workspace) })
        {
            (await api.PutAsync(path, $$"""{"tabOrder":{{order ?? "null"}}}""")).Is(200);
        }

        (await api.PutAsync($"{Workspaces}/w1/modules/kb", """{"isEnabled":false}""")).Is(200); // keeps its place

        Assert.Equal(expected, string.Join(',', (await api.GetAsync(Context)).Is(200).Strings("tabOrder")));
    }

    [Fact]
    [Requirement("D13")]
    public async Task Navigation_is_of_the_organization_and_no_workspace_changes_it()
    {
        await using var api = await StartAsync();
        Assert.Equal(["kb", "chat"], Items(await api.GetAsync(Navigation)));

        (await api.PutAsync($"{Workspaces}/w1/modules/kb", """{"isEnabled":false}""")).Is(200);
        Assert.Equal(["kb", "chat"], Items(await api.GetAsync(Navigation)));

        (await api.PutAsync($"{Orgs}/acme/modules/kb", """{"isEnabled":false}""")).Is(200);
        Assert.Equal(["chat"], Items(await api.GetAsync(Navigation)));
    }

    [Fact]
    [Requirement("D13")]
    public async Task Navigation_shows_what_user_and_permissions_allow()
    {
        await using var api = await StartAsync(ScopeRole.Shell);
        await api.RegisterAsync("audit", """ "navConfig":{"route":"/audit","order":0,"adminOnly":true} """);
        await api.RegisterAsync("pay", """ "navConfig":{"route":"/pay","order":9,"label":"Money","module":"x"},"requiredPermissions":["pay.read","pay.see"] """);

        Assert.Equal(["kb", "chat"], Items(await api.GetAsync(Navigation)));
        Assert.Equal(["audit", "kb", "chat"], Items(await api.GetAsync(Navigation + "?admin=true")));
        Assert.Equal(["kb", "chat"], Items(await api.GetAsync(Navigation + "?permissions=pay.read")));
        var all = await api.GetAsync(Navigation + "?admin=true&permissions=pay.see,pay.read");
        Assert.Equal(["audit", "kb", "pay", "chat"], Items(all));
        Assert.Equal("Money", (string?)all.Json["items"]![2]!["label"]);

        var kb = (await api.GetAsync(Navigation)).Json["items"]![0]!;
        Assert.Equal("kb", (string?)kb["label"]);
        Assert.Equal("""[{"route":"/kb/a"}]""", kb["children"]!.ToJsonString());
        Assert.Equal(2, (await api.GetAsync(Navigation + "?admin=true")).Json["items"]![1]!["children"]!.AsArray().Count);
    }

    [Fact]
    [Requirement("D16")]
    public async Task Metrics_are_those_of_available_modules_in_the_order_of_tabs()
    {
        await using var api = await StartAsync();
        await api.RegisterAsync("docs", """ "navConfig":{"metrics":{"endpoint":"/docs/metrics?of={workspaceId}","items":[{"name":"documents","label":"Documents","unit":"docs","icon":"file"}]}} """);
        await api.RegisterAsync("pay", """ "navConfig":{"route":"/pay","metrics":{"items":[{"name":"due","label":"Due"}]}},"requiredPermissions":["pay.read"] """);
        (await api.PutAsync(Org, """{"tabOrder":["pay","docs"]}""")).Is(200);

        var all = (await api.GetAsync(Metrics + "?permissions=pay.read")).Is(200);
        Assert.Equal(
            """[{"module":"pay","displayName":"pay","endpoint":null,"metrics":[{"name":"due","label":"Due","unit":null,"icon":null}]},{"module":"docs","displayName":"docs","endpoint":"/docs/metrics?of={workspaceId}","metrics":[{"name":"documents","label":"Documents","unit":"docs","icon":"file"}]}]""",
            all.Json["modules"]!.ToJsonString());
        Assert.Equal(["docs"], Modules(await api.GetAsync(Metrics)));
        (await api.GetAsync(Metrics + "?permissions=pay.read", ("If-None-Match", all.ETag!))).Is(304);

        (await api.PutAsync($"{Workspaces}/w1/modules/docs", """{"isEnabled":false}""")).Is(200);
        Assert.Empty(Modules(await api.GetAsync(Metrics)));
        (await api.DeleteAsync($"{Workspaces}/w1/modules/docs")).Is(200);
        Assert.Equal(["docs"], Modules(await api.GetAsync(Metrics)));

        static string[] Modules(Answer answer) => [.. answer.Is(200).Json["modules"]!.AsArray().Select(m => (string)m!["module"]!)];
    }

    [Fact]
    [Requirement("D16")]
    public async Task Metrics_are_no_part_of_the_navigation()
    {
        await using var api = await StartAsync();
        await api.RegisterAsync("docs", """ "navConfig":{"metrics":{"items":[{"name":"documents","label":"Documents"}]}} """);
        await api.RegisterAsync("pay", """ "navConfig":{"route":"/pay","order":0,"metrics":{"items":[{"name":"due","label":"Due"}]}} """);

        var items = await api.GetAsync(Navigation);
        Assert.Equal(["pay", "kb", "chat"], Items(items));
        Assert.Equal("""{"module":"pay","label":"pay","order":0,"route":"/pay"}""", items.Json["items"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task Bad_requests_are_problems()
    {
        await using var api = await StartAsync();

        Assert.Equal(["invalid-id id", "invalid-parameter x"], (await api.GetAsync($"{Workspaces}/-/context?x=1")).IsProblem(400, "validation-failed").Faults);
        (await api.GetAsync($"{Workspaces}/nobody/context")).IsProblem(404, "workspace-not-found");
        (await api.GetAsync($"{Workspaces}/nobody/metrics")).IsProblem(404, "workspace-not-found");
        Assert.Equal(["invalid-parameter admin"], (await api.GetAsync($"{Metrics}?admin=true")).IsProblem(400, "invalid-parameter").Faults);
        (await api.GetAsync($"{Orgs}/nobody/navigation")).IsProblem(404, "org-not-found");
        (await api.GetAsync($"{Navigation}?admin=maybe")).IsProblem(400, "invalid-parameter");
        (await api.GetAsync(Context, ("Accept", "text/html"))).IsProblem(406, "not-acceptable");
    }

    private static string[] Items(Answer answer) => [.. answer.Is(200).Json["items"]!.AsArray().Select(i => (string)i!["module"]!)];

    private static async Task<ApiFixture> StartAsync(ScopeRole? role = null)
    {
        var api = await ApiFixture.StartWithAsync(role is null ? null : builder => builder.Services.AddSingleton<ICallerRights>(new FixedRights { Role = role }));
        await api.RegisterAsync("kb", """ "navConfig":{"route":"/kb","order":1,"children":[{"route":"/kb/a"},{"route":"/kb/b","adminOnly":true}]} """);
        await api.RegisterAsync("chat", """ "navConfig":{"route":"/chat"} """);
        await api.RegisterAsync("eval");
        await api.ScopesAsync();
        return api;
    }
}
