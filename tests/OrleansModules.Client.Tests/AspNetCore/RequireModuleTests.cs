using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansModules.Client.AspNetCore;
using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.AspNetCore;

[Requirement("A13")]
public sealed class RequireModuleTests
{
    [Fact]
    public async Task Available_module_lets_the_request_through()
    {
        await using var host = await HostAsync(new ScriptedService());
        Assert.Equal("hello", await host.GetTestClient().GetStringAsync("/workspaces/red/chat"));
    }

    [Fact]
    public async Task Unavailable_module_is_503_module_disabled()
    {
        var service = new ScriptedService { OnMap = _ => ScriptedService.Map("s1.o1.w1", Maps.Module("chat", isAvailable: false, reasons: """[{"code":"disabled-by-org","scope":"org/acme"}]""")) };
        await using var host = await HostAsync(service);
        var problem = await ProblemAsync(host, "/workspaces/red/chat", HttpStatusCode.ServiceUnavailable);
        Assert.Equal(
            ("urn:orleansmodules:problem:module-disabled", "module-disabled", "chat", "workspace/red", "disabled-by-org"),
            (Text(problem, "type"), Text(problem, "code"), Text(problem, "module"), Text(problem, "scope"), problem.GetProperty("reasons")[0].GetString()));
    }

    [Fact]
    public async Task Module_that_nobody_registered_is_503_module_disabled()
    {
        await using var host = await HostAsync(new ScriptedService { OnMap = _ => ScriptedService.Map("s1.o1.w1") });
        var problem = await ProblemAsync(host, "/workspaces/red/chat", HttpStatusCode.ServiceUnavailable);
        Assert.Equal(("module-disabled", "module-not-found"), (Text(problem, "code"), problem.GetProperty("reasons")[0].GetString()));
    }

    [Fact]
    public async Task Change_counts_for_the_next_request()
    {
        var service = new ScriptedService();
        await using var host = await HostAsync(service);
        Assert.Equal("hello", await host.GetTestClient().GetStringAsync("/workspaces/red/chat"));
        service.OnMap = _ => ScriptedService.Map("s1.o1.w2", Maps.Module("chat", isAvailable: false));
        await (await service.StreamAsync()).SendVersionAsync("s1.o1.w2");
        await ProblemAsync(host, "/workspaces/red/chat", HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Unknown_state_is_503_with_a_time_to_come_back()
    {
        await using var host = await HostAsync(new ScriptedService { OnMap = _ => throw new HttpRequestException("Connection refused") });
        using var answer = await host.GetTestClient().GetAsync(new Uri("/workspaces/red/chat", UriKind.Relative));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), (answer.StatusCode, answer.Headers.RetryAfter?.Delta));
        Assert.Contains("module-state-unknown", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scope_that_does_not_exist_is_404()
    {
        await using var host = await HostAsync(new ScriptedService { OnMap = _ => ScriptedService.Problem(404, "workspace-not-found") });
        Assert.Equal("workspace-not-found", Text(await ProblemAsync(host, "/workspaces/red/chat", HttpStatusCode.NotFound), "code"));
    }

    [Theory]
    [InlineData("/workspaces/no%20id/chat")]
    [InlineData("/header/chat")]
    public async Task Request_without_a_scope_is_400(string path)
    {
        await using var host = await HostAsync(new ScriptedService());
        Assert.Equal("scope-unresolved", Text(await ProblemAsync(host, path, HttpStatusCode.BadRequest), "code"));
    }

    [Theory]
    [InlineData("/header/chat", "red", null)]
    [InlineData("/claim/chat", null, "red")]
    [InlineData("/any/chat", null, "red")]
    [InlineData("/any/chat", "red", "blue")]
    public async Task Scope_comes_from_where_the_host_says(string path, string? header, string? claim)
    {
        var service = new ScriptedService();
        await using var host = await HostAsync(service);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("X-Workspace-Id", header);
        request.Headers.TryAddWithoutValidation("X-Claim", claim);
        using var answer = await host.GetTestClient().SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("/workspaces/red/", service.Requests.First().RequestUri!.AbsolutePath, StringComparison.Ordinal);
    }

    private static string? Text(JsonElement problem, string member) => problem.GetProperty(member).GetString();

    private static async Task<JsonElement> ProblemAsync(WebApplication host, string path, HttpStatusCode status)
    {
        using var answer = await host.GetTestClient().GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal((status, "application/problem+json", true), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.CacheControl?.NoStore));
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<WebApplication> HostAsync(ScriptedService service)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddModuleScope();
        builder.Services.AddOrleansModules(service.Serve);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            if (context.Request.Headers["X-Claim"].ToString() is { Length: > 0 } claim)
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("workspace", claim)]));
            }

            return next(context);
        });
        app.MapGroup("/workspaces/{workspaceId}").RequireModule("chat").MapGet("/chat", () => "hello");
        app.MapGet("/header/chat", () => "hello").RequireModule("chat", ScopeResolvers.WorkspaceInHeader());
        app.MapGet("/claim/chat", () => "hello").RequireModule("chat", ScopeResolvers.WorkspaceInClaim("workspace"));
        app.MapGet("/any/chat", () => "hello").RequireModule("chat", ScopeResolvers.FirstOf(ScopeResolvers.WorkspaceInHeader(), ScopeResolvers.WorkspaceInClaim("workspace")));
        await app.StartAsync();
        return app;
    }
}
