using OrleansModules.Api.Tests.Access;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Api.Tests.OpenFeature;
using OrleansModules.Core.Scopes;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Context;

/// <summary>Evaluations and context behind the gate, with real tokens.</summary>
public sealed class CallerRightsGateTests
{
    [Fact]
    public async Task Token_of_a_workspace_evaluates_there_and_nowhere_else_and_a_stream_needs_none()
    {
        await using var api = await Evaluations.StartAsync();
        await api.ScopesAsync("other", "w2");
        var token = await api.HolderAsync(ScopeId.Workspace("w1"), "shell");

        for (var i = 0; i < 2; i++) // remembered the second time
        {
            var bulk = (await api.BulkAsync(headers: token)).Is(200);
            (await api.BulkAsync("""{"targetingKey":"w2"}""", headers: token)).Is(403);
            (await api.BulkAsync("""{"targetingKey":"nobody"}""", headers: token)).Is(403);
            (await api.BulkAsync("""{"targetingKey":"acme","scopeKind":"org"}""", headers: token)).Is(403);
            (await api.BulkAsync(headers: Callers.Nobody)).Is(401);
            (await api.GetAsync(bulk.Stream() + "x", Callers.Nobody)).IsProblem(401, "invalid-stream-ticket");
        }
    }

    [Theory]
    [InlineData("ws_user", "ws_user")]
    [InlineData("ws_admin", "ws_admin")]
    [InlineData("ws_owner", "ws_owner")]
    [InlineData("shell", null)]
    public async Task Context_says_the_role_of_the_token(string role, string? said)
    {
        await using var api = await Evaluations.StartAsync();

        Assert.Equal(said, (await api.GetAsync($"{Workspaces}/w1/context", await api.HolderAsync(ScopeId.Workspace("w1"), role))).Is(200)["userRole"]);
    }
}
