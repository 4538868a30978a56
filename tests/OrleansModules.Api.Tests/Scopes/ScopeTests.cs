using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Scopes;

/// <summary>Organizations and workspaces over HTTP (requirements B).</summary>
public sealed class ScopeTests
{
    [Fact]
    public async Task Put_creates_then_changes_then_changes_nothing()
    {
        await using var api = await ApiFixture.StartAsync();

        var created = (await api.PutAsync($"{Orgs}/acme", """{"name":"Acme"}""")).Is(201);
        Assert.Equal(("/api/platform/orgs/acme", "\"s0.o1\"", "scope-created"), (created.Headers.Location?.ToString(), created.ETag, created["kind"]));
        var workspace = (await api.PutAsync($"{Workspaces}/w1", """{"orgId":"acme"}""")).Is(201);
        Assert.Equal(("/api/platform/workspaces/w1", "\"s0.o1.w1\""), (workspace.Headers.Location?.ToString(), workspace.ETag));
        Assert.Equal("s0.o2", (await api.PutAsync($"{Orgs}/acme", """{"name":"Acme 2"}""")).Is(200)["version"]);
        Assert.Equal("false", (await api.PutAsync($"{Orgs}/acme", "{}")).Is(200)["changed"]);

        var org = (await api.GetAsync($"{Orgs}/acme")).Is(200);
        Assert.Equal(("acme", "Acme 2", "2", "s0.o2"), (org["orgId"], org["name"], org["revision"], org["version"]));
        var read = (await api.GetAsync($"{Workspaces}/w1")).Is(200);
        Assert.Equal(("w1", "acme", null, "s0.o2.w1"), (read["workspaceId"], read["orgId"], read["name"], read["version"]));
    }

    [Theory]
    [InlineData($"{Orgs}/acme")]
    [InlineData($"{Workspaces}/w1")]
    public async Task Put_of_what_was_read_changes_nothing(string path)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();

        Assert.Equal("false", (await api.PutAsync(path, (await api.GetAsync(path)).Text)).Is(200)["changed"]);
    }

    [Theory]
    [InlineData($"{Orgs}/acme", """{"orgId":"other"}""", "invalid-value /orgId")]
    [InlineData($"{Workspaces}/w1", """{"workspaceId":"other"}""", "invalid-value /workspaceId")]
    public async Task Put_with_another_id_in_the_body_is_refused(string path, string body, string fault)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();

        Assert.Equal([fault], (await api.PutAsync(path, body)).Is(400).Faults);
    }

    [Fact]
    public async Task List_is_paged_by_id()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync("o1", "w3");
        await api.ScopesAsync("o2", "w1");
        await api.ScopesAsync("o3", "w2");
        (await api.PutAsync($"{Workspaces}/w9", """{"orgId":"o1"}""")).Is(201);

        var first = (await api.GetAsync($"{Orgs}?limit=2")).Is(200);
        Assert.Equal(("o1 o2", "o2"), (Ids(first, "orgs", "orgId"), first["next"]));
        var last = (await api.GetAsync($"{Orgs}?limit=2&after={first["next"]}")).Is(200);
        Assert.Equal(("o3", null), (Ids(last, "orgs", "orgId"), last["next"]));
        var exact = await api.GetAsync($"{Orgs}?limit=3");
        Assert.Null(exact["next"]);
        Assert.Equal("w1 w2 w3 w9", Ids(await api.GetAsync(Workspaces), "workspaces", "workspaceId"));
        var ofOrg = await api.GetAsync($"{Workspaces}?orgId=o1&limit=1");
        Assert.Equal(("w3", "w3"), (Ids(ofOrg, "workspaces", "workspaceId"), ofOrg["next"]));
        Assert.Equal("w9", Ids(await api.GetAsync($"{Workspaces}?orgId=o1&after=w3"), "workspaces", "workspaceId"));
        (await api.GetAsync($"{Workspaces}?orgId=nobody")).IsProblem(404, "org-not-found");
        Assert.Equal(["invalid-parameter limit", "invalid-parameter after"], (await api.GetAsync($"{Orgs}?limit=0&after=-")).IsProblem(400, "validation-failed").Faults);

        static string Ids(Answer answer, string list, string id) => string.Join(' ', answer.Is(200).Json[list]!.AsArray().Select(o => (string?)o![id]));
    }

    [Fact]
    public async Task Delete_of_an_organization_with_workspaces_is_refused()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();

        var refused = (await api.DeleteAsync($"{Orgs}/acme")).IsProblem(409, "org-not-empty");
        Assert.Equal("workspace/w1", (string?)refused.Json["errors"]![0]!["scope"]);
        (await api.DeleteAsync($"{Workspaces}/w1")).Is(200);
        (await api.DeleteAsync($"{Orgs}/acme")).Is(200);
        (await api.GetAsync($"{Orgs}/acme")).IsProblem(404, "org-not-found");
        (await api.GetAsync($"{Orgs}/acme/modules")).IsProblem(404, "org-not-found");
        (await api.GetAsync($"{Workspaces}/w1/modules")).IsProblem(404, "workspace-not-found");
        (await api.GetAsync($"{Workspaces}/w1/history")).Is(200);
    }

    [Fact]
    public async Task Deleted_id_created_again_goes_on_with_its_revision_and_without_its_overrides()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        await api.RegisterAsync("kb");
        (await api.PutAsync($"{Workspaces}/w1/modules/kb", """{"isEnabled":false}""")).Is(200);
        Assert.Equal("3", (await api.DeleteAsync($"{Workspaces}/w1")).Is(200)["revision"]);

        Assert.Equal("4", (await api.PutAsync($"{Workspaces}/w1", """{"orgId":"acme"}""")).Is(201)["revision"]);
        Assert.Equal("true", (await api.GetAsync($"{Workspaces}/w1/modules/kb"))["isEnabled"]);
    }

    [Fact]
    public async Task Workspace_stays_in_its_organization_for_life()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync("acme", "w1");
        (await api.PutAsync($"{Orgs}/other", "{}")).Is(201);

        (await api.PutAsync($"{Workspaces}/w1", """{"orgId":"other"}""")).IsProblem(409, "workspace-org-fixed");
        (await api.DeleteAsync($"{Workspaces}/w1")).Is(200);
        (await api.PutAsync($"{Workspaces}/w1", """{"orgId":"other"}""")).IsProblem(409, "workspace-org-fixed");
    }

    [Fact]
    public async Task Unknown_scopes_are_named()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("kb");

        Assert.Equal(["org-not-found /orgId"], (await api.PutAsync($"{Workspaces}/w1", """{"orgId":"nobody"}""")).IsProblem(404, "org-not-found").Faults);
        Assert.Equal(["missing-field /orgId"], (await api.PutAsync($"{Workspaces}/w1", "{}")).IsProblem(400, "missing-field").Faults);
        foreach (var (path, code) in new[] { ($"{Orgs}/nobody", "org-not-found"), ($"{Workspaces}/nobody", "workspace-not-found") })
        {
            (await api.DeleteAsync(path)).IsProblem(404, code);
            foreach (var read in new[] { "", "/modules", "/modules/kb", "/availability", "/modules/kb/override", "/modules/kb/explain", "/history", "/modules/kb/history", "/events" })
            {
                (await api.GetAsync(path + read)).IsProblem(404, code);
            }

            (await api.PutAsync($"{path}/modules/kb", "{}")).IsProblem(404, code);
            (await api.PatchAsync($"{path}/modules/kb", "{}")).IsProblem(404, code);
            (await api.DeleteAsync($"{path}/modules/kb")).IsProblem(404, code);
            (await api.PostAsync($"{path}/history/0/restore")).IsProblem(404, code);
            (await api.PostAsync($"{path}/modules/kb/history/0/restore")).IsProblem(404, code);
        }
    }
}
