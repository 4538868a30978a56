using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.OpenApi;

/// <summary>The contract: the checked-in document, the routes and the answers say the same.</summary>
public sealed class OpenApiTests
{
    private const string Document = "/openapi/v1.json";

    /// <summary>Set the variable <c>UPDATE_OPENAPI=1</c> to write the document again after a change that is meant.</summary>
    [Fact]
    [Requirement("A20", "A test says when the contract moved")]
    public async Task Document_is_the_one_checked_in()
    {
        await using var api = await ApiFixture.StartAsync();
        var root = typeof(OpenApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key.Equals("RepositoryRoot", StringComparison.Ordinal)).Value!;
        var file = Path.Combine(root, "docs", "openapi.v1.json");
        var now = (await api.GetAsync(Document)).Is(200).Text.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (string.Equals(Environment.GetEnvironmentVariable("UPDATE_OPENAPI"), "1", StringComparison.Ordinal))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, now);
        }

        Assert.True(File.Exists(file), "docs/openapi.v1.json is not there; UPDATE_OPENAPI=1 writes it.");
        var known = await File.ReadAllTextAsync(file);
        Assert.True(string.Equals(known, now, StringComparison.Ordinal), $"The contract moved, from line {FirstDifference(known, now)}. If that is meant, UPDATE_OPENAPI=1 writes docs/openapi.v1.json again.");
    }

    [Fact]
    [Requirement("A20", "OpenAPI document")]
    public async Task Every_route_is_in_the_document_under_an_id_of_its_own()
    {
        await using var api = await ApiFixture.StartAsync();
        var documented = (await api.GetAsync(Document)).Json["paths"]!.AsObject()
            .SelectMany(p => p.Value!.AsObject().Select(o => (Route: $"{o.Key.ToUpperInvariant()} {p.Key}", Id: (string?)o.Value!["operationId"]))).ToList();
        var mapped = api.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => !e.RoutePattern.RawText!.StartsWith("/openapi", StringComparison.Ordinal))
            .SelectMany(e => (e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(m => $"{m} {e.RoutePattern.RawText!.TrimEnd('/')}"));

        Assert.Equal(mapped.Order(StringComparer.Ordinal), documented.Select(d => d.Route).Order(StringComparer.Ordinal));
        Assert.All(documented, d => Assert.False(string.IsNullOrEmpty(d.Id), d.Route));
        Assert.Equal(documented.Count, documented.Select(d => d.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    [Requirement("A20", "OpenAPI document")]
    public async Task Document_names_304_where_a_read_is_conditional()
    {
        await using var api = await ApiFixture.StartAsync();
        var operations = (await api.GetAsync(Document)).Json["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!).ToList();

        var conditional = operations.Where(o => o["parameters"] is JsonArray parameters && parameters.Any(p => string.Equals((string?)p!["name"], "If-None-Match", StringComparison.Ordinal))).ToList();
        Assert.NotEmpty(conditional);
        Assert.All(conditional, o => Assert.NotNull(o["responses"]!["304"]));
    }

    [Fact]
    [Requirement("A20", "OpenAPI document")]
    public async Task Answers_have_the_members_that_the_document_names()
    {
        await using var api = await ApiFixture.StartAsync();
        var check = new SchemaCheck((await api.GetAsync(Document)).Json);
        var (org, ws) = ($"{Orgs}/acme", $"{Workspaces}/w1");
        (await api.PutAsync(org, """{"name":"Acme"}""")).Is(201);
        Fits("workspacePut", "201", await api.PutAsync(ws, """{"orgId":"acme","name":"W"}""", ("X-Change-Reason", "why")));
        Fits("moduleRegister", "201", await api.PostAsync(Modules, """{"name":"base","config":{"a":1},"featureFlags":{"f":true},"description":"d","minCompatibleVersion":"1.0.0"}"""));
        Fits("moduleRegister", "201", await api.PostAsync(Modules, """{"name":"kb","dependencies":["base"],"requiredPermissions":["r"],"navConfig":{"route":"/"}}"""));
        Fits("workspaceOverridePut", "200", await api.PutAsync($"{ws}/modules/base", """{"isEnabled":false,"configOverrides":{"b":2}}"""));
        Fits("workspaceOverridePut", "200", await api.PutAsync($"{ws}/modules/base", "{}"));
        Fits("moduleDisable", "200", await api.PostAsync($"{Modules}/base/disable?force=true"));
        Fits("modulePatch", "200", await api.PatchAsync($"{Modules}/base", """{"tier":1}"""));
        Fits("orgOverrideClear", "200", await api.DeleteAsync($"{org}/modules/base"));

        Fits("moduleList", "200", await api.GetAsync(Modules));
        Fits("moduleGet", "200", await api.GetAsync($"{Modules}/kb"));
        Fits("moduleHistory", "200", await api.GetAsync($"{Modules}/base/history"));
        Fits("systemHistory", "200", await api.GetAsync("/api/platform/history"));
        foreach (var (id, path) in new[] { ("org", org), ("workspace", ws) })
        {
            Fits($"{id}List", "200", await api.GetAsync(path[..path.LastIndexOf('/')]));
            Fits($"{id}Get", "200", await api.GetAsync(path));
            Fits($"{id}Map", "200", await api.GetAsync($"{path}/modules"));
            Fits($"{id}Module", "200", await api.GetAsync($"{path}/modules/kb"));
            Fits($"{id}Availability", "200", await api.GetAsync($"{path}/availability"));
            Fits($"{id}Explain", "200", await api.GetAsync($"{path}/modules/kb/explain"));
            Fits($"{id}Explain", "200", await api.GetAsync($"{path}/modules/base/explain"));
            Fits($"{id}History", "200", await api.GetAsync($"{path}/history"));
            Fits($"{id}ModuleHistory", "200", await api.GetAsync($"{path}/modules/base/history"));
            Fits($"{id}Get", "400", await api.GetAsync(path + "?x=1"));
        }

        Fits("workspaceOverrideGet", "200", await api.GetAsync($"{ws}/modules/base/override"));
        Fits("readBatch", "200", await api.PostAsync("/api/platform/batch", """{"workspaces":["w1","nobody"]}"""));
        Fits("readBatch", "200", await api.PostAsync("/api/platform/batch", """{"workspaces":["w1"],"view":"availability"}"""));
        Fits("scheduleSet", "200", await api.PutAsync("/api/platform/schedule", """{"presets":{"a":{"intervalMinutes":5,"windows":[{"days":["mon"],"from":"07:00","to":"08:00"}]}}}"""));
        Fits("scheduleGet", "200", await api.GetAsync("/api/platform/schedule"));
        Fits("usageReport", "202", await api.PostAsync("/api/platform/usage", """{"module":"kb","workspaceId":"w1"}"""));
        Fits("orgUsage", "200", await api.GetAsync($"{org}/usage"));
        Fits("workspaceOverridePut", "409", await api.PutAsync($"{ws}/modules/base", """{"isEnabled":true}"""));
        Fits("workspaceOverridePut", "412", await api.PutAsync($"{ws}/modules/base", "{}", ("If-Match", "\"9\"")));
        Fits("orgDelete", "409", await api.DeleteAsync(org));
        Fits("live", "200", await api.GetAsync("/health/live"));
        Fits("ready", "200", await api.GetAsync("/health/ready"));
        Assert.Empty(check.Misfits);

        void Fits(string operationId, string status, Answer answer)
        {
            answer.Is(int.Parse(status, System.Globalization.CultureInfo.InvariantCulture));
            check.Check(answer.Json, check.SchemaOf(operationId, status), operationId);
        }
    }

    private static int FirstDifference(string a, string b) => a.Split('\n').Zip(b.Split('\n')).TakeWhile(p => p.First.Equals(p.Second, StringComparison.Ordinal)).Count() + 1;
}
