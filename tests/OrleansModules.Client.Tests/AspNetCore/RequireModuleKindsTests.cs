using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansModules.Client.AspNetCore;
using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.AspNetCore;

[Requirement("A13")]
public sealed class RequireModuleKindsTests
{
    [Theory]
    [InlineData("handler")]
    [InlineData("delegate")]
    [InlineData("controller")]
    [InlineData("page")]
    [InlineData("component")]
    [InlineData("hub/negotiate")]
    public async Task Every_kind_of_endpoint_is_closed_while_its_module_is_off_and_open_while_it_is_on(string kind)
    {
        var service = new ScriptedService { OnMap = _ => ScriptedService.Map("s1.o1.w1", Maps.Module("chat", isAvailable: false)) };
        await using var host = await HostAsync(service, app => MapAll(app, "chat"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, true), await GetAsync(host, kind, "module-disabled"));
        service.OnMap = _ => ScriptedService.Map("s1.o1.w2", Maps.Module("chat"));
        await (await service.StreamAsync()).SendVersionAsync("s1.o1.w2");
        Assert.Equal((HttpStatusCode.OK, true), await GetAsync(host, kind, kind.StartsWith("hub", StringComparison.Ordinal) ? "connectionId" : "hello"));
    }

    [Theory]
    [InlineData("a", "b", true)]
    [InlineData("a", "off", false)]
    [InlineData("off", "a", false)]
    public async Task Module_of_a_group_and_module_of_an_endpoint_in_it_both_count(string ofGroup, string ofEndpoint, bool isOpen)
    {
        var service = new ScriptedService { OnMap = _ => ScriptedService.Map("s1.o1.w1", Maps.Module("a"), Maps.Module("b"), Maps.Module("off", isAvailable: false)) };
        await using var host = await HostAsync(service, app =>
        {
            var group = app.MapGroup("").RequireModule(ofGroup);
            group.MapRazorPages().RequireModule(ofEndpoint);
            group.MapGet("/workspaces/{workspaceId}/handler", () => "hello").RequireModule(ofEndpoint);
        });
        var status = isOpen ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable;
        Assert.Equal((status, true), await GetAsync(host, "page", isOpen ? "hello" : "module-disabled"));
        Assert.Equal((status, true), await GetAsync(host, "handler", isOpen ? "hello" : "module-disabled"));
    }

    [Fact]
    public async Task Endpoint_that_only_leads_to_others_is_refused_at_start()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => HostAsync(new ScriptedService(), app => app.MapGroup("").RequireModule("chat").MapFallbackToPage("/Chat")));
        Assert.Contains("found with each request", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_whose_builder_has_no_last_conventions_is_closed_too()
    {
        var service = new ScriptedService { OnMap = _ => ScriptedService.Map("s1.o1.w1", Maps.Module("chat", isAvailable: false)) };
        await using var host = await HostAsync(service, app => new PlainBuilder(app.MapGet("/workspaces/{workspaceId}/handler", () => "hello")).RequireModule("chat"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, true), await GetAsync(host, "handler", "module-disabled"));
    }

    [Fact]
    public async Task Missing_services_are_refused_at_start()
    {
        static void Map(WebApplication app) => app.MapGet("/workspaces/{workspaceId}/handler", () => "hello").RequireModule("chat", ScopeResolvers.WorkspaceInRoute());
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => HostAsync(new ScriptedService(), Map, withScope: false));
        Assert.Contains(nameof(ModulesEndpoints.AddModuleScope), refused.Message, StringComparison.Ordinal);
    }

    private static void MapAll(WebApplication app, string module)
    {
        app.MapGet("/workspaces/{workspaceId}/handler", () => "hello").RequireModule(module);
        app.MapMethods("/workspaces/{workspaceId}/delegate", ["GET"], (RequestDelegate)(http => http.Response.WriteAsync("hello"))).RequireModule(module);
        app.MapControllers().RequireModule(module);
        app.MapRazorPages().RequireModule(module);
        app.MapRazorComponents<ChatComponent>().RequireModule(module);
        app.MapHub<ChatHub>("/workspaces/{workspaceId}/hub").RequireModule(module);
    }

    private static async Task<(HttpStatusCode Status, bool HasWord)> GetAsync(WebApplication host, string kind, string word)
    {
        var method = kind.EndsWith("/negotiate", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get;
        using var request = new HttpRequestMessage(method, "/workspaces/red/" + kind);
        using var answer = await host.GetTestClient().SendAsync(request);
        return (answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Contains(word, StringComparison.Ordinal));
    }

    private static async Task<WebApplication> HostAsync(ScriptedService service, Action<WebApplication> map, bool withScope = true)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(ChatController).Assembly.GetName().Name });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddControllers();
        builder.Services.AddRazorPages(o => o.RootDirectory = "/AspNetCore/Pages");
        builder.Services.AddRazorComponents();
        builder.Services.AddSignalR();
        if (withScope)
        {
            builder.Services.AddModuleScope();
        }

        builder.Services.AddOrleansModules(service.Serve);
        var app = builder.Build();
        app.UseAntiforgery();
        map(app);
        await app.StartAsync();
        return app;
    }

    // As libraries write them: what the interface does by itself is left to it.
    private sealed class PlainBuilder(IEndpointConventionBuilder inner) : IEndpointConventionBuilder
    {
        public void Add(Action<EndpointBuilder> convention) => inner.Add(convention);
    }
}
