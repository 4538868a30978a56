using OrleansModules.Api.Access;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;
using static OrleansModules.Api.Tests.Access.Callers;

namespace OrleansModules.Api.Tests.Access;

/// <summary>People: members of scopes, roles from claims, and that nobody widens their own rights.</summary>
[Requirement("H8", "Roles of the system, organizations and workspaces")]
public sealed class MemberTests
{
    private const string Org = "/api/platform/orgs/acme";
    private const string Ws = "/api/platform/workspaces/w1";

    private static readonly (string, string) Ann = Bearer("jwt:ann");
    private static readonly (string, string) Bob = Bearer("jwt:bob");

    [Fact]
    public async Task Member_may_what_the_role_says_from_the_next_request_until_it_is_taken()
    {
        await using var api = await StartWithPeopleAsync();
        await api.ScopesAsync();
        (await api.GetAsync($"{Ws}/modules", Ann)).IsProblem(404, "workspace-not-found");

        var set = (await api.PutAsync($"{Ws}/members/ann", """{"role":"ws_user"}""")).Is(200);
        Assert.Equal(("member-set", "ann", "ws_user", "bootstrap"), (set["kind"], set["subject"], set["role"], set["actor"]));
        (await api.GetAsync($"{Ws}/modules", Ann)).Is(200);
        Assert.Equal("ws_admin", (await api.PutAsync($"{Ws}/modules/kb", "{}", Ann)).IsProblem(403, "forbidden")["missingRole"]);
        (await api.GetAsync($"{Org}/modules", Ann)).IsProblem(404, "org-not-found");

        (await api.PutAsync($"{Ws}/members/ann", """{"role":"ws_admin"}""")).Is(200);
        (await api.PutAsync($"{Ws}/modules/kb", "{}", Ann)).IsProblem(404, "module-not-found");

        (await api.DeleteAsync($"{Ws}/members/ann")).Is(200);
        (await api.GetAsync($"{Ws}/modules", Ann)).IsProblem(404, "workspace-not-found");
        (await api.DeleteAsync($"{Ws}/members/ann")).IsProblem(404, "member-not-found");
    }

    [Fact]
    public async Task Member_of_an_organization_reads_its_map_and_an_administrator_those_of_its_workspaces_too()
    {
        await using var api = await StartWithPeopleAsync();
        await api.ScopesAsync();
        (await api.PutAsync($"{Org}/members/ann", """{"role":"org_user"}""")).Is(200);
        (await api.PutAsync($"{Org}/members/bob", """{"role":"org_admin"}""")).Is(200);

        (await api.GetAsync($"{Org}/modules", Ann)).Is(200);
        (await api.GetAsync($"{Ws}/modules", Ann)).IsProblem(404, "workspace-not-found");
        (await api.GetAsync($"{Ws}/modules", Bob)).Is(200);
        (await api.PutAsync("/api/platform/workspaces/w2", """{"orgId":"acme"}""", Bob)).Is(201);
        (await api.PutAsync("/api/platform/orgs/mine", "{}", Bob)).IsProblem(404, "org-not-found");
        Assert.Equal(["org_admin"], (await api.GetAsync("/api/platform/whoami?scope=workspace/w1", Bob)).Is(200).Strings("roles"));
    }

    [Fact]
    public async Task Roles_come_from_claims_too_but_not_in_scopes_that_do_not_exist()
    {
        await using var api = await StartWithPeopleAsync(null, new RoleGrant(ScopeId.Org("acme"), ScopeRole.OrgAdmin), new RoleGrant(ScopeId.Org("later"), ScopeRole.OrgOwner));
        await api.ScopesAsync();

        (await api.GetAsync($"{Ws}/modules", Ann)).Is(200);
        (await api.PutAsync("/api/platform/orgs/later", "{}", Ann)).IsProblem(404, "org-not-found");
        (await api.PutAsync("/api/platform/orgs/later", "{}")).Is(201);
        (await api.PutAsync("/api/platform/orgs/later", """{"name":"Later"}""", Ann)).Is(200);
    }

    [Fact]
    public async Task Nobody_widens_rights_by_giving_them()
    {
        await using var api = await StartWithPeopleAsync();
        await api.ScopesAsync();
        (await api.PutAsync($"{Ws}/members/ann", """{"role":"ws_admin"}""")).Is(200);
        (await api.PutAsync($"{Ws}/members/eve", """{"role":"ws_owner"}""")).Is(200);
        var owner = (await api.MakeTokenAsync(ScopeId.Workspace("w1"), "ws_owner")).Json["token"]!["id"]!;

        (await api.PutAsync($"{Ws}/members/ann", """{"role":"ws_owner"}""", Ann)).IsProblem(403, "own-access-fixed");
        (await api.DeleteAsync($"{Ws}/members/ann", Ann)).IsProblem(403, "own-access-fixed");
        (await api.PutAsync($"{Ws}/members/bob", """{"role":"ws_owner"}""", Ann)).IsProblem(403, "role-above-own");
        (await api.PutAsync($"{Ws}/members/eve", """{"role":"ws_user"}""", Ann)).IsProblem(403, "role-above-own");
        (await api.DeleteAsync($"{Ws}/members/eve", Ann)).IsProblem(403, "role-above-own");
        (await api.PostAsync($"{Ws}/tokens", """{"name":"x","role":"ws_owner"}""", Ann)).IsProblem(403, "role-above-own");
        (await api.PostAsync($"{Ws}/tokens/{owner}/rotate", "{}", Ann)).IsProblem(403, "role-above-own");
        (await api.DeleteAsync($"{Ws}/tokens/{owner}", Ann)).IsProblem(403, "role-above-own");

        (await api.PutAsync($"{Ws}/members/bob", """{"role":"ws_admin"}""", Ann)).Is(200);
        (await api.PostAsync($"{Ws}/tokens", """{"name":"x","role":"ws_admin"}""", Ann)).Is(201);
        (await api.PutAsync($"{Org}/members/bob", """{"role":"org_admin"}""")).Is(200);
        (await api.DeleteAsync($"{Ws}/members/eve", Bob)).Is(200);
    }

    [Fact]
    public async Task Token_that_ends_makes_none_that_outlives_it()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        var header = Bearer((await api.MakeTokenAsync(ScopeId.Org("acme"), "org_admin", "2099-01-01T00:00:00Z"))["secret"]!);

        (await api.PostAsync($"{Org}/tokens", """{"name":"x","role":"shell"}""", header)).IsProblem(403, "token-outlives-own");
        (await api.PostAsync($"{Org}/tokens", """{"name":"x","role":"shell","expiresAt":"2099-01-01T00:00:00.001Z"}""", header)).IsProblem(403, "token-outlives-own");
        (await api.PostAsync($"{Org}/tokens", """{"name":"x","role":"shell","expiresAt":"2099-01-01T00:00:00Z"}""", header)).Is(201);
    }

    [Fact]
    public async Task Machine_names_for_whom_it_asks_and_a_person_does_not()
    {
        await using var api = await StartWithPeopleAsync();
        await api.ScopesAsync();
        (await api.PutAsync($"{Org}/members/ann", """{"role":"org_admin"}""")).Is(200);

        Assert.Equal("otto via bootstrap", (await api.PutAsync(Org, """{"name":"A"}""", ("X-Actor", "otto"))).Is(200)["actor"]);
        Assert.Equal("ann", (await api.PutAsync(Org, """{"name":"B"}""", Ann)).Is(200)["actor"]);
        (await api.PutAsync(Org, """{"name":"C"}""", Ann, ("X-Actor", "otto"))).IsProblem(400, "invalid-header");
    }

    [Fact]
    public async Task Members_are_listed_in_pages_by_subject_with_who_gave_the_role()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        foreach (var subject in new[] { "ann", "auth0%7C42", "https:%2F%2Fid.example.com%2Fbob" })
        {
            (await api.PutAsync($"{Org}/members/{subject}", """{"role":"org_user"}""")).Is(200);
        }

        var first = (await api.GetAsync($"{Org}/members?limit=2")).Is(200);
        Assert.Equal(["ann", "auth0|42"], first.Json["members"]!.AsArray().Select(m => (string)m!["subject"]!));
        Assert.Equal("bootstrap", (string?)first.Json["members"]![0]!["since"]!["actor"]);
        var second = (await api.GetAsync($"{Org}/members?limit=2&after={Uri.EscapeDataString(first["next"]!)}")).Is(200);
        Assert.Equal(["https://id.example.com/bob"], second.Json["members"]!.AsArray().Select(m => (string)m!["subject"]!));
        Assert.Null(second["next"]);
        Assert.Equal("org_user", (await api.GetAsync($"{Org}/members/https:%2F%2Fid.example.com%2Fbob")).Is(200)["role"]);
    }

    [Theory]
    [InlineData("token:abc", "invalid-id")]
    [InlineData("bootstrap", "invalid-id")]
    [InlineData("a%25b", "invalid-id")]
    public async Task Subject_that_nobody_has_is_refused(string subject, string code)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        (await api.PutAsync($"{Org}/members/{subject}", """{"role":"org_user"}""")).IsProblem(400, code);
    }

    [Fact]
    public async Task Batch_answers_only_what_the_caller_may_read()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        await api.ScopesAsync("other", "foreign");
        var header = await api.HolderAsync(ScopeId.Org("acme"), "shell");

        var answer = (await api.PostAsync("/api/platform/batch", """{"workspaces":["w1","foreign","nobody"],"view":"availability"}""", header)).Is(200);

        Assert.Equal("w1", (string?)answer.Json["results"]!.AsArray().Single()!["workspaceId"]);
        Assert.Equal(["foreign", "nobody"], answer.Strings("notFound"));
    }
}
