using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Access;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Tests.Access;

/// <summary>What a hot read pays at the gate.</summary>
public sealed class HotGateTests
{
    private const int Rounds = 2000;

    [Theory]
    [InlineData("shell")]
    [InlineData("org_admin")]
    public async Task Hot_read_of_somebody_remembered_allocates_nothing_at_the_gate(string role)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        var token = (await api.MakeTokenAsync(ScopeId.Org("acme"), role))["secret"]!;
        var services = api.App.Services;
        var passed = 0;
        RequestDelegate next = _ =>
        {
            passed++;
            return Task.CompletedTask;
        };
        var gate = new AccessMiddleware(next, services.GetRequiredService<Authenticator>(), services.GetRequiredService<AccessGate>(), services.GetRequiredService<IModuleEngine>(), services.GetRequiredService<AuditTrail>(), services.GetRequiredService<Throttle>(), services.GetRequiredService<HotAccess>());
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Headers.Authorization = $"Bearer {token}";
        context.Request.RouteValues["id"] = "w1";
        context.SetEndpoint(new RouteEndpoint(next, RoutePatternFactory.Parse("/"), 0, new EndpointMetadataCollection(new AccessRule(AccessAction.ReadMap, ScopeKind.Workspace) { IsHot = true }), null));
        await gate.InvokeAsync(context);

        var allocated = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            allocated = Math.Min(allocated, Measure());
        }

        Assert.Equal(1 + (5 * Rounds), passed);
        Assert.True(allocated == 0, $"{allocated / Rounds} bytes a request");

        long Measure()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Rounds; i++)
            {
                Assert.True(gate.InvokeAsync(context).IsCompletedSuccessfully);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
