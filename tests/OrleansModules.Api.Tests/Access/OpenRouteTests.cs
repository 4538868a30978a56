using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansModules.Api.Access;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Tests.Access;

/// <summary>No route is open by mistake.</summary>
public sealed class OpenRouteTests
{
    [Fact]
    public async Task Route_that_does_not_say_what_it_requires_is_refused_at_start_by_name()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/said", () => Results.Ok()).Requires(AccessAction.ReadMap, ScopeKind.System);
        RouteAccess.CheckAll(app);

        app.MapGet("/forgotten", () => Results.Ok());

        Assert.Contains("/forgotten", Assert.Throws<InvalidOperationException>(() => RouteAccess.CheckAll(app)).Message, StringComparison.Ordinal);
    }
}
