using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Context;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Api.Tests.OpenFeature;
using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Context;

/// <summary>What answers make of the caller.</summary>
public sealed class CallerRightsTests
{
    [Fact]
    [Requirement("D1", "the caller's role")]
    public async Task Context_says_the_role_and_its_tag_is_the_roles_own()
    {
        var rights = new FixedRights { Role = ScopeRole.WsAdmin };
        await using var api = await StartAsync(rights);

        var admin = (await api.GetAsync($"{Workspaces}/w1/context")).Is(200);
        Assert.Equal("ws_admin", admin["userRole"]);
        rights.Role = ScopeRole.WsUser;
        var user = (await api.GetAsync($"{Workspaces}/w1/context", ("If-None-Match", admin.ETag!))).Is(200);
        Assert.Equal("ws_user", user["userRole"]);
        (await api.GetAsync($"{Workspaces}/w1/context", ("If-None-Match", user.ETag!))).Is(304);
    }

    [Theory]
    [Requirement("D13", "admin only")]
    [InlineData(null, false, true)]
    [InlineData("shell", false, true)]
    [InlineData("org_admin", true, true)]
    [InlineData("sys_owner", true, true)]
    [InlineData("org_user", false, false)]
    public async Task Navigation_for_administrators_is_shown_to_them_and_to_hosts_that_ask_for_one(string? role, bool byRole, bool asked)
    {
        await using var api = await StartAsync(new FixedRights { Role = role is null ? null : ScopeRoles.Words[role] });

        Assert.Equal(byRole ? 1 : 0, (await api.GetAsync($"{Orgs}/acme/navigation")).Is(200).Json["items"]!.AsArray().Count);
        Assert.Equal(asked ? 1 : 0, (await api.GetAsync($"{Orgs}/acme/navigation?admin=true")).Is(200).Json["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Evaluations_of_a_scope_that_is_not_the_callers_are_forbidden()
    {
        await using var api = await StartAsync(new FixedRights { Readable = ScopeId.Workspace("w1") });

        (await api.BulkAsync()).Is(200);
        (await api.BulkAsync("""{"targetingKey":"acme","scopeKind":"org"}""")).Is(403);
        (await api.SingleAsync("audit", """{"targetingKey":"w2"}""")).Is(403);
    }

    private static async Task<ApiFixture> StartAsync(FixedRights rights)
    {
        var api = await ApiFixture.StartWithAsync(builder => builder.Services.AddSingleton<ICallerRights>(rights));
        await api.RegisterAsync("audit", """ "navConfig":{"route":"/audit","adminOnly":true} """);
        await api.ScopesAsync();
        return api;
    }
}
