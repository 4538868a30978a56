using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Access.Jwt;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Access;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;
using static OrleansModules.Api.Tests.Access.Callers;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Access;

/// <summary>Rights that another node gave a moment ago count for whoever names the version of that change (docs/consistency.md).</summary>
[Requirement("H8", "Roles of the system, organizations and workspaces")]
[Requirement("L7")]
public sealed class RightsFromElsewhereTests
{
    private static readonly (string, string) Ann = Bearer("jwt:ann");

    [Fact]
    public async Task Member_of_what_another_node_made_a_moment_ago_who_names_its_version_is_let_in()
    {
        await using var api = await StartAsync();
        var other = await OtherNodeAsync(api.Store);
        await ChangeAsync(other, ScopeId.Org("acme"), new ScopeCommand.PutScope("Acme", null));
        await ChangeAsync(other, ScopeId.Org("acme"), new ScopeCommand.PutMember("ann", ScopeRole.OrgAdmin));
        await ChangeAsync(other, ScopeId.Workspace("w1"), new ScopeCommand.PutScope("Support", "acme"));

        (await api.GetAsync($"{Workspaces}/w1/modules", Ann)).IsProblem(404, "workspace-not-found");
        (await api.GetAsync($"{Workspaces}/w1/modules?atLeast=s0.o2.w1", Ann)).Is(200);
    }

    [Fact]
    public async Task Role_that_another_node_raised_a_moment_ago_counts_with_its_version()
    {
        await using var api = await StartAsync();
        await api.ScopesAsync();
        (await api.PutAsync($"{Orgs}/acme/members/ann", """{"role":"org_user"}""")).Is(200);
        await ChangeAsync(await OtherNodeAsync(api.Store), ScopeId.Org("acme"), new ScopeCommand.PutMember("ann", ScopeRole.OrgAdmin));

        (await api.GetAsync($"{Workspaces}/w1/modules", Ann)).IsProblem(404, "workspace-not-found");
        (await api.GetAsync($"{Workspaces}/w1/modules?atLeast=s0.o3.w1", Ann)).Is(200);
    }

    [Theory]
    [InlineData("s0.o1.w1")]
    [InlineData("s9.o9.w9")]
    [InlineData("nonsense")]
    public async Task Version_gives_nobody_rights(string version)
    {
        await using var api = await StartAsync();
        await api.ScopesAsync();

        (await api.GetAsync($"{Workspaces}/w1/modules?atLeast={version}", Ann)).IsProblem(404, "workspace-not-found");
    }

    private static async Task ChangeAsync(EmbeddedEngine node, ScopeId scope, ScopeCommand command) =>
        Assert.IsType<ChangeAnswer.Accepted>(await node.ChangeAsync(new ChangeRequest { Scope = scope, Command = command, Actor = "tester" }, default));

    private static async Task<EmbeddedEngine> OtherNodeAsync(IScopeStore store)
    {
        var (tree, watches) = (new ModuleTree(), new WatchHub());
        var replica = new Replica(tree, watches);
        var engine = new EmbeddedEngine(store, tree, watches, replica, new FeedFollower(store, replica, TimeProvider.System, new FollowOptions()), TimeProvider.System);
        await engine.StartAsync(CancellationToken.None);
        return engine;
    }

    // Nothing follows the record in the background: this node looks into it only when it has reason to.
    private static Task<ApiFixture> StartAsync() => ApiFixture.StartWithAsync(builder =>
    {
        builder.Services.AddSingleton<IJwtVerifier>(new People([]));
        SharedStore.Share(builder.Services, TimeProvider.System);
    });
}
