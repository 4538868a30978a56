using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Tests.Access;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Usage;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.OpenApi;

/// <summary>Requests that are accepted, and answers, fit the schemas of the document; and whatever these let be absent or null is so somewhere.</summary>
public sealed class ContractTests
{
    private const string Platform = "/api/platform";
    private const string Evaluate = "/ofrep/v1/evaluate/flags";

    [Fact]
    [Requirement("A20", "OpenAPI document")]
    public async Task Requests_and_answers_fit_the_document_and_show_all_that_it_lets_be_absent_or_null()
    {
        await using var api = await ApiFixture.StartAsync(settings: ("AtLeastPatience", "00:00:00.010"));
        var document = (await api.GetAsync("/openapi/v1.json")).Json;
        var check = new SchemaCheck(document);

        await WritesAsync(api, check);
        await ReadsAsync(api, check);
        await AccessAsync(api, check);
        await RefusalsAsync(api, check);
        await EvaluationsAsync(api, check);

        Assert.Empty(check.Misfits);
        Assert.True(check.Unseen.Count == 0, $"The document allows what nothing here shows: {string.Join(", ", check.Unseen.Order(StringComparer.Ordinal))}");
    }

    [Theory]
    [Requirement("A20", "OpenAPI document")]
    [InlineData("""{"a":"x","b":null}""")]
    [InlineData("""{"a":"x","b":1,"c":[]}""")]
    [InlineData("""{"b":1}""", "/a is absent")]
    [InlineData("""{"a":"x"}""", "/b is absent")]
    [InlineData("""{"a":null,"b":1}""", "/a is Null")]
    [InlineData("""{"a":"x","b":"1"}""", "/b is String")]
    [InlineData("""{"a":"x","b":1.5}""", "/b is Number")]
    [InlineData("""{"a":"x","b":1,"c":null}""", "/c is Null")]
    [InlineData("""{"a":"x","b":1,"c":[{"a":"y"}]}""", "/c/0/b is absent")]
    [InlineData("""{"a":"x","b":1,"d":1}""", "/d is not in the document")]
    public void Check_finds_what_does_not_fit(string value, params string[] misfits)
    {
        var check = new SchemaCheck(JsonNode.Parse("""
            {"components":{"schemas":{"T":{"type":"object","required":["a","b"],"properties":
              {"a":{"type":"string"},"b":{"type":["null","integer"]},"c":{"type":"array","items":{"$ref":"#/components/schemas/T"}}}}}}}
            """)!);

        check.Check(JsonNode.Parse(value), JsonNode.Parse("""{"$ref":"#/components/schemas/T"}""")!, "");

        Assert.Equal(misfits, check.Misfits);
    }

    private static async Task WritesAsync(ApiFixture api, SchemaCheck check)
    {
        await FitsAsync(api, check, "orgPut", 201, $"{Orgs}/acme", """{"name":"Acme"}""");
        await FitsAsync(api, check, "workspacePut", 201, $"{Workspaces}/w1", """{"orgId":"acme","name":"W"}""", ("X-Change-Reason", "why"));
        await FitsAsync(api, check, "workspacePut", 200, $"{Workspaces}/w1", """{"orgId":null,"name":null}""");
        await FitsAsync(api, check, "orgPut", 200, $"{Orgs}/acme", """{"name":null}""");
        await FitsAsync(api, check, "orgPut", 201, $"{Orgs}/other", "{}");
        await FitsAsync(api, check, "workspacePut", 201, $"{Workspaces}/w2", """{"orgId":"acme"}""");
        await FitsAsync(api, check, "workspacePut", 200, $"{Workspaces}/w2", "{}");
        await FitsAsync(api, check, "moduleRegister", 201, Modules, """{"name":"base","config":{"a":null},"featureFlags":{"f":true},"description":"d","minCompatibleVersion":"1.0.0"}""");
        await FitsAsync(api, check, "moduleRegister", 201, Modules, """{"name":"kb","dependencies":[{"name":"base"}],"requiredPermissions":["r"],"navConfig":{"route":"/","icon":"i","label":"l"}}""");
        await FitsAsync(api, check, "moduleRegister", 201, Modules, """{"name":"sums","navConfig":{"metrics":{"endpoint":"/sums","items":[{"name":"a","label":"A","unit":"u","icon":"i"}]}}}""");
        await FitsAsync(api, check, "moduleRegister", 201, Modules, """{"name":"counts","navConfig":{"metrics":{"items":[{"name":"a","label":"A"}]}}}""");
        await FitsAsync(api, check, "modulePut", 201, $"{Modules}/old", """{"displayName":null,"description":null,"version":null,"minCompatibleVersion":null,"dependencies":[{"name":"base","range":null}]}""");
        await FitsAsync(api, check, "modulePatch", 200, $"{Modules}/old", "{}");
        await FitsAsync(api, check, "modulePatch", 200, $"{Modules}/old", """
            {"name":null,"displayName":null,"description":null,"type":null,"tier":null,"version":null,"minCompatibleVersion":null,"isInstalled":null,"isEnabled":null,"config":null,
             "configMerge":null,"featureFlags":null,"navConfig":null,"dependencies":null,"requiredPermissions":null}
            """);
        await FitsAsync(api, check, "modulePatch", 200, $"{Modules}/old?force=true", """{"dependencies":[{"name":"nobody"}]}""");
        await FitsAsync(api, check, "orgExplain", 200, $"{Orgs}/acme/modules/old/explain");
        await FitsAsync(api, check, "moduleRemove", 200, $"{Modules}/old");
        await FitsAsync(api, check, "workspaceOverridePut", 200, $"{Workspaces}/w1/modules/base", """{"isEnabled":false,"configOverrides":{"b":2}}""");
        await FitsAsync(api, check, "workspaceOverridePut", 200, $"{Workspaces}/w1/modules/base", "{}");
        await FitsAsync(api, check, "workspaceOverridePatch", 200, $"{Workspaces}/w1/modules/base", """{"isEnabled":null,"configOverrides":null,"featureFlagOverrides":null}""");
        await FitsAsync(api, check, "workspaceOverridePatch", 200, $"{Workspaces}/w1/modules/base", "{}");
        await FitsAsync(api, check, "workspaceOverridePatch", 200, $"{Workspaces}/w1/modules/base", """{"isEnabled":false,"featureFlagOverrides":{"f":null}}""");
        await FitsAsync(api, check, "moduleDisable", 200, $"{Modules}/base/disable?force=true");
        await FitsAsync(api, check, "modulePatch", 200, $"{Modules}/base", """{"tier":1,"featureFlags":{"f":null,"g":true}}""");
        await FitsAsync(api, check, "orgOverridePut", 200, $"{Orgs}/acme/modules/kb", """{"isEnabled":null,"featureFlagOverrides":{"f":true}}""");
        await FitsAsync(api, check, "orgOverrideClear", 200, $"{Orgs}/acme/modules/kb");
        await FitsAsync(api, check, "orgOverrideClear", 200, $"{Orgs}/acme/modules/kb");
        await FitsAsync(api, check, "workspaceSettingsSet", 200, $"{Workspaces}/w1/settings", """{"color":"red","icon":null,"enableTags":true,"extra":{"a":1},"tabOrder":["kb"]}""");
        await FitsAsync(api, check, "workspaceSettingsPatch", 200, $"{Workspaces}/w1/settings", """{"color":null,"extra":{"a":null}}""");
        await FitsAsync(api, check, "orgSettingsPatch", 200, $"{Orgs}/acme/settings", "{}");
        await FitsAsync(api, check, "orgSettingsSet", 200, $"{Orgs}/acme/settings", """
            {"color":null,"enableColorCoding":null,"enableFavorites":null,"enableTags":null,"extra":null,"icon":null,"navIcon":null,"navLabelPlural":null,"navLabelSingular":null,"tabOrder":null}
            """);
        await FitsAsync(api, check, "scheduleSet", 200, $"{Platform}/schedule", "{}");
        await FitsAsync(api, check, "scheduleSet", 200, $"{Platform}/schedule", """{"preset":null,"timeZone":null,"presets":{"a":{"description":null,"intervalMinutes":5,"windows":[{"days":["mon"],"from":"07:00","to":"08:00"}]},"b":{"intervalMinutes":5,"windows":[]}}}""");
        await FitsAsync(api, check, "usageReport", 202, $"{Platform}/usage", """{"module":"kb","orgId":null,"workspaceId":"w1","actor":null,"eventType":null,"occurredAt":null}""");
        await FitsAsync(api, check, "usageReport", 202, $"{Platform}/usage", """{"events":[{"module":"kb","orgId":"acme","workspaceId":null,"actor":null,"eventType":null,"quantity":2,"occurredAt":null,"details":{"a":1}}]}""");
        await FitsAsync(api, check, "usageReport", 202, $"{Platform}/usage", """{"events":[{"module":"kb","workspaceId":"w1"},{"module":"kb","orgId":"acme"},{"module":"kb","orgId":null,"workspaceId":"w1"}]}""");
        await FitsAsync(api, check, "usageReport", 202, $"{Platform}/usage", """{"module":"kb","orgId":"acme","workspaceId":null}""");
        await api.App.Services.GetRequiredService<IUsageStore>().WriteAsync([new UsageEvent("kb", "acme", "w1", null, "use", 1, TimeProvider.System.GetUtcNow().UtcDateTime, JsonObjectValue.Empty)], CancellationToken.None);
    }

    private static async Task ReadsAsync(ApiFixture api, SchemaCheck check)
    {
        await FitsAsync(api, check, "moduleList", 200, Modules);
        await FitsAsync(api, check, "moduleGet", 200, $"{Modules}/kb");
        await FitsAsync(api, check, "moduleHistory", 200, $"{Modules}/base/history");
        await FitsAsync(api, check, "systemHistory", 200, $"{Platform}/history?limit=2");
        await FitsAsync(api, check, "systemHistory", 200, $"{Platform}/history");
        foreach (var (id, path) in new[] { ("org", $"{Orgs}/acme"), ("workspace", $"{Workspaces}/w1") })
        {
            await FitsAsync(api, check, $"{id}List", 200, path[..path.LastIndexOf('/')]);
            await FitsAsync(api, check, $"{id}Get", 200, path);
            await FitsAsync(api, check, $"{id}Map", 200, $"{path}/modules");
            await FitsAsync(api, check, $"{id}Module", 200, $"{path}/modules/kb");
            await FitsAsync(api, check, $"{id}Availability", 200, $"{path}/availability");
            await FitsAsync(api, check, $"{id}Explain", 200, $"{path}/modules/kb/explain");
            await FitsAsync(api, check, $"{id}Explain", 200, $"{path}/modules/base/explain");
            await FitsAsync(api, check, $"{id}History", 200, $"{path}/history");
            await FitsAsync(api, check, $"{id}SettingsGet", 200, $"{path}/settings");
        }

        await FitsAsync(api, check, "orgGet", 200, $"{Orgs}/other");
        await FitsAsync(api, check, "workspaceGet", 200, $"{Workspaces}/w2");
        await FitsAsync(api, check, "workspaceModuleHistory", 200, $"{Workspaces}/w1/modules/base/history");
        await FitsAsync(api, check, "workspaceOverrideGet", 200, $"{Workspaces}/w1/modules/base/override");
        await FitsAsync(api, check, "workspaceContext", 200, $"{Workspaces}/w1/context");
        await FitsAsync(api, check, "workspaceMetrics", 200, $"{Workspaces}/w1/metrics");
        await FitsAsync(api, check, "systemSettingsGet", 200, $"{Platform}/settings");
        await FitsAsync(api, check, "orgNavigation", 200, $"{Orgs}/acme/navigation?admin=true&permissions=r");
        await FitsAsync(api, check, "readBatch", 200, $"{Platform}/batch", """{"workspaces":["w1","nobody"]}""");
        await FitsAsync(api, check, "readBatch", 200, $"{Platform}/batch", """{"workspaces":["w1"],"view":"availability"}""");
        await FitsAsync(api, check, "scheduleGet", 200, $"{Platform}/schedule");
        await FitsAsync(api, check, "usageRollUp", 200, $"{Platform}/usage/roll-up");
        await FitsAsync(api, check, "orgUsage", 200, $"{Orgs}/acme/usage");
        await FitsAsync(api, check, "live", 200, "/health/live");
        await FitsAsync(api, check, "ready", 200, "/health/ready");
    }

    private static async Task AccessAsync(ApiFixture api, SchemaCheck check)
    {
        await FitsAsync(api, check, "orgMemberSet", 200, $"{Orgs}/acme/members/anna", """{"role":"org_admin"}""");
        await FitsAsync(api, check, "orgMemberSet", 200, $"{Orgs}/acme/members/anna", """{"subject":"anna","role":"org_owner"}""");
        await FitsAsync(api, check, "orgMemberList", 200, $"{Orgs}/acme/members");
        await FitsAsync(api, check, "orgMemberGet", 200, $"{Orgs}/acme/members/anna");
        await FitsAsync(api, check, "orgMemberRemove", 200, $"{Orgs}/acme/members/anna");
        await FitsAsync(api, check, "orgTokenCreate", 201, $"{Orgs}/acme/tokens", """{"name":"t","role":"shell"}""");
        var token = (await FitsAsync(api, check, "orgTokenCreate", 201, $"{Orgs}/acme/tokens", """{"name":"t","role":"shell","expiresAt":null}""")).Json["token"]!["id"];
        await FitsAsync(api, check, "orgTokenRotate", 200, $"{Orgs}/acme/tokens/{token}/rotate", """{"overlapSeconds":60}""");
        await FitsAsync(api, check, "orgTokenList", 200, $"{Orgs}/acme/tokens");
        await FitsAsync(api, check, "orgTokenGet", 200, $"{Orgs}/acme/tokens/{token}");
        await FitsAsync(api, check, "orgTokenRotate", 200, $"{Orgs}/acme/tokens/{token}/rotate", "{}");
        await FitsAsync(api, check, "orgTokenRevoke", 200, $"{Orgs}/acme/tokens/{token}");
        await FitsAsync(api, check, "orgHistory", 200, $"{Orgs}/acme/history");
        await FitsAsync(api, check, "workspaceContext", 200, $"{Workspaces}/w2/context", null, await api.HolderAsync(ScopeId.Org("acme"), "shell"));
        await FitsAsync(api, check, "systemAudit", 200, $"{Platform}/audit");
        await FitsAsync(api, check, "whoami", 200, $"{Platform}/whoami");
    }

    private static async Task RefusalsAsync(ApiFixture api, SchemaCheck check)
    {
        await FitsAsync(api, check, "workspaceGet", 400, $"{Workspaces}/w1?x=1");
        await FitsAsync(api, check, "workspaceGet", 401, $"{Workspaces}/w1", null, ("Authorization", "Bearer nobody"));
        await FitsAsync(api, check, "workspaceGet", 404, $"{Workspaces}/nobody");
        await FitsAsync(api, check, "workspaceMap", 406, $"{Workspaces}/w1/modules", null, ("Accept", "text/html"));
        await FitsAsync(api, check, "workspaceOverridePut", 409, $"{Workspaces}/w1/modules/base", """{"isEnabled":true}""");
        await FitsAsync(api, check, "workspaceOverridePut", 412, $"{Workspaces}/w1/modules/base", "{}", ("If-Match", "\"9\""));
        await FitsAsync(api, check, "orgDelete", 409, $"{Orgs}/acme");
    }

    private static async Task EvaluationsAsync(ApiFixture api, SchemaCheck check)
    {
        const string red = """{"context":{"targetingKey":"w1"}}""";
        await FitsAsync(api, check, "evaluateFlag", 200, $"{Evaluate}/kb", red);
        await FitsAsync(api, check, "evaluateFlag", 200, $"{Evaluate}/base", """{"context":{"targetingKey":"acme","scopeKind":"org"}}""");
        await api.RegisterAsync("free");
        await FitsAsync(api, check, "evaluateFlag", 200, $"{Evaluate}/free", red);
        await FitsAsync(api, check, "evaluateFlagsBulk", 500, Evaluate + "?flagConfigEtag=s99.o9.w9:workspace/w1:1", red);
        await FitsAsync(api, check, "evaluateFlag", 404, $"{Evaluate}/none", red);
        await FitsAsync(api, check, "evaluateFlagsBulk", 200, Evaluate, red);
        foreach (var (id, path) in new[] { ("evaluateFlag", $"{Evaluate}/kb"), ("evaluateFlagsBulk", Evaluate) })
        {
            await FitsAsync(api, check, id, 400, path, """{"context":{"targetingKey":"w1","scopeKind":null}}""");
            await FitsAsync(api, check, id, 401, path, red, ("Authorization", "Bearer nobody"));
        }
    }

    private static async Task<Answer> FitsAsync(ApiFixture api, SchemaCheck check, string id, int status, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        var (method, says) = check.Operation(id);
        var answer = (await api.SendAsync(method, path, body, headers)).Is(status);
        if (status < 400 && says["requestBody"] is { } request)
        {
            check.Check(JsonNode.Parse(body!), request["content"]!.AsObject().First().Value!["schema"]!, $"{id} request");
        }

        var type = answer.Content.ContentType?.MediaType;
        var content = says["responses"]?[status.ToString(CultureInfo.InvariantCulture)]?["content"]?[type ?? ""];
        Assert.True(content is not null, $"The document does not say that {id} answers {status} as {type}.");
        check.Check(answer.Json, content["schema"]!, $"{id} {status}");
        return answer;
    }
}
