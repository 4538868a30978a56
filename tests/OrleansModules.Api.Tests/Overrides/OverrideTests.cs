using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Overrides;

/// <summary>Overrides over HTTP (requirements B, laws L1-L6).</summary>
public sealed class OverrideTests
{
    private const string OrgKb = $"{Orgs}/acme/modules/kb";
    private const string WsKb = $"{Workspaces}/w1/modules/kb";

    [Fact]
    [Requirement("B15")]
    public async Task Put_keeps_absent_fields_and_replaces_objects()
    {
        await using var api = await StartAsync();
        (await api.PutAsync(OrgKb, """{"isEnabled":true,"configOverrides":{"a":1,"b":2},"featureFlagOverrides":{"f":true}}""")).Is(200);

        (await api.PutAsync(OrgKb, """{"configOverrides":{"c":3}}""")).Is(200);
        Assert.Equal("""{"isEnabled":true,"configOverrides":{"c":3},"featureFlagOverrides":{"f":true}}""", await StoredAsync(api, OrgKb));
        (await api.PutAsync(OrgKb, """{"isEnabled":null}""")).Is(200);
        Assert.Equal("""{"isEnabled":null,"configOverrides":{"c":3},"featureFlagOverrides":{"f":true}}""", await StoredAsync(api, OrgKb));
        Assert.Equal("false", (await api.PutAsync(OrgKb, "{}")).Is(200)["changed"]);
    }

    [Fact]
    [Requirement("B16")]
    public async Task Patch_merges_deep_and_null_takes_away()
    {
        await using var api = await StartAsync();
        (await api.PutAsync(WsKb, """{"isEnabled":false,"configOverrides":{"a":1,"b":{"c":2,"d":3}},"featureFlagOverrides":{"f":true,"g":true}}""")).Is(200);

        (await api.PatchAsync(WsKb, """{"configOverrides":{"a":null,"b":{"c":null,"e":4}},"featureFlagOverrides":{"g":null}}""")).Is(200);
        Assert.Equal("""{"isEnabled":false,"configOverrides":{"b":{"d":3,"e":4}},"featureFlagOverrides":{"f":true}}""", await StoredAsync(api, WsKb));
        (await api.PatchAsync(WsKb, """{"isEnabled":null,"configOverrides":null}""", ("Content-Type", "application/json"))).Is(200);
        Assert.Equal("""{"isEnabled":null,"configOverrides":{},"featureFlagOverrides":{"f":true}}""", await StoredAsync(api, WsKb));
    }

    [Fact]
    [Requirement("B28")]
    public async Task Delete_inherits_everything_again()
    {
        await using var api = await StartAsync();
        (await api.PutAsync(WsKb, """{"isEnabled":false,"configOverrides":{"a":1}}""")).Is(200);

        (await api.DeleteAsync(WsKb)).Is(200);

        var module = await api.GetAsync(WsKb);
        Assert.Equal(("true", null, "{}"), (module["isEnabled"], module["wsEnabled"], module["config"]));
        (await api.GetAsync($"{WsKb}/override")).IsProblem(404, "override-not-found");
        Assert.Equal("false", (await api.DeleteAsync(WsKb)).Is(200)["changed"]);
    }

    [Fact]
    [Requirement("L3")]
    public async Task Enable_under_a_disabled_parent_is_refused_and_names_the_scope()
    {
        await using var api = await StartAsync();
        (await api.PutAsync(OrgKb, """{"isEnabled":false}""")).Is(200);

        var byOrg = (await api.PutAsync(WsKb, """{"isEnabled":true}""")).IsProblem(409, "parent-disabled");
        Assert.Equal(("org/acme", "parent-disabled /isEnabled"), (byOrg["scope"], byOrg.Faults.Single()));
        (await api.PostAsync($"{Modules}/kb/disable")).Is(200);
        (await api.PutAsync(OrgKb, """{"isEnabled":null}""")).Is(200);
        Assert.Equal("system", (await api.PatchAsync(WsKb, """{"isEnabled":true}""")).IsProblem(409, "parent-disabled")["scope"]);
        Assert.Equal("system", (await api.PutAsync(OrgKb, """{"isEnabled":true}""")).IsProblem(409, "parent-disabled")["scope"]);
    }

    [Fact]
    [Requirement("L3")]
    public async Task Masked_true_returns_when_the_parent_is_enabled_again()
    {
        await using var api = await StartAsync();
        (await api.PutAsync(WsKb, """{"isEnabled":true}""")).Is(200);
        (await api.PutAsync(OrgKb, """{"isEnabled":false}""")).Is(200);

        var masked = await api.GetAsync(WsKb);
        Assert.Equal(("false", "false", "true", "false"), (masked["isEnabled"], masked["isAvailable"], masked["wsEnabled"], masked["orgEnabled"]));
        Assert.Equal("org/acme", (string?)masked.Json["reasons"]![0]!["scope"]);
        (await api.DeleteAsync(OrgKb)).Is(200);
        Assert.Equal("true", (await api.GetAsync(WsKb))["isEnabled"]);
    }

    [Fact]
    [Requirement("B10")]
    public async Task Config_of_three_scopes_is_merged()
    {
        await using var api = await StartAsync("\"config\":{\"feature\":\"default\",\"limit\":100}");
        (await api.PutAsync(OrgKb, """{"configOverrides":{"limit":200}}""")).Is(200);
        (await api.PutAsync(WsKb, """{"configOverrides":{"feature":"custom"}}""")).Is(200);

        Assert.Equal("""{"feature":"custom","limit":200}""", (await api.GetAsync(WsKb))["config"]);
        Assert.Equal("""{"feature":"default","limit":200}""", (await api.GetAsync(OrgKb))["config"]);
    }

    [Fact]
    [Requirement("L5")]
    public async Task Flags_of_three_scopes_are_merged()
    {
        await using var api = await StartAsync("\"featureFlags\":{\"a\":true,\"b\":true,\"c\":false}");
        (await api.PutAsync(OrgKb, """{"featureFlagOverrides":{"b":false,"d":true}}""")).Is(200);
        (await api.PutAsync(WsKb, """{"featureFlagOverrides":{"c":true,"d":false}}""")).Is(200);

        Assert.Equal("""{"a":true,"b":false,"c":true,"d":false}""", (await api.GetAsync(WsKb))["featureFlags"]);
    }

    [Fact]
    [Requirement("B28")]
    public async Task Explain_names_who_decided_each_value()
    {
        await using var api = await StartAsync("\"config\":{\"feature\":\"default\",\"limit\":100},\"featureFlags\":{\"f\":true}");
        (await api.PutAsync(OrgKb, """{"isEnabled":false,"configOverrides":{"limit":200}}""", ("X-Actor", "olga"))).Is(200);
        (await api.PutAsync(WsKb, """{"featureFlagOverrides":{"f":false}}""", ("X-Actor", "will"))).Is(200);

        var explained = (await api.GetAsync($"{WsKb}/explain")).Is(200);

        Assert.Equal(("workspace/w1", "kb", "\"s1.o2.w2\""), (explained["scope"], explained["module"], explained.ETag));
        Assert.Equal(("org/acme", "2", "olga via bootstrap"), Decision(explained.Json["enabled"]));
        Assert.Equal(("system", "1", "bootstrap"), Decision(Value("config", "/feature")));
        Assert.Equal(("org/acme", "2", "olga via bootstrap"), Decision(Value("config", "/limit")));
        Assert.Equal(("workspace/w1", "2", "will via bootstrap"), Decision(Value("featureFlags", "/f")));
        var reason = explained.Json["available"]!["reasons"]![0]!;
        Assert.Equal(("disabled-by-org", "olga via bootstrap"), ((string?)reason["code"], (string?)reason["decidedBy"]!["actor"]));
        Assert.Equal(["system", "org/acme", "workspace/w1"], explained.Json["scopes"]!.AsArray().Select(s => (string?)s!["scope"]));
        (await api.GetAsync($"{Workspaces}/w1/modules/nobody/explain")).IsProblem(404, "module-not-found");

        JsonNode Value(string list, string pointer) => explained.Json[list]!.AsArray().Single(v => string.Equals((string?)v!["pointer"], pointer, StringComparison.Ordinal))!;
        static (string?, string, string?) Decision(JsonNode? node) => ((string?)node!["decidedBy"]!["scope"], node["decidedBy"]!["revision"]!.ToString(), (string?)node["decidedBy"]!["actor"]);
    }

    [Fact]
    public async Task Restore_brings_an_override_back_and_keeps_the_parents_veto()
    {
        await using var api = await StartAsync();
        (await api.PutAsync(WsKb, """{"isEnabled":true,"configOverrides":{"a":1}}""")).Is(200);
        (await api.DeleteAsync(WsKb)).Is(200);
        (await api.PutAsync(OrgKb, """{"isEnabled":false}""")).Is(200);

        (await api.PostAsync($"{WsKb}/history/2/restore")).IsProblem(409, "parent-disabled");
        (await api.DeleteAsync(OrgKb)).Is(200);
        var restored = (await api.PostAsync($"{Workspaces}/w1/history/2/restore")).Is(200);
        Assert.Equal(("restored", "4"), (restored["kind"], restored["revision"]));
        Assert.Equal("""{"isEnabled":true,"configOverrides":{"a":1},"featureFlagOverrides":{}}""", await StoredAsync(api, WsKb));
        Assert.Equal(["restored", "override-cleared", "override-set"], (await api.GetAsync($"{WsKb}/history")).Json["changes"]!.AsArray().Select(c => (string?)c!["kind"]));
        (await api.GetAsync($"{Workspaces}/w1/modules/nobody/history")).IsProblem(404, "module-not-found");
    }

    private static async Task<ApiFixture> StartAsync(string? more = null)
    {
        var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("kb", more);
        await api.ScopesAsync();
        return api;
    }

    private static async Task<string?> StoredAsync(ApiFixture api, string path) => (await api.GetAsync($"{path}/override")).Is(200)["override"];
}
