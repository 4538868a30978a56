using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Api.Tests.Streaming;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Engines.Conformance;
using OrleansModules.Grains.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Grains.Tests.Http;

/// <summary>Over HTTP nobody sees whether a silo holds a scope: what it never held is there, as everywhere.</summary>
public sealed class LazyHttpTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly TestSilos _silos = new() { HoldAll = false };
    private readonly MemoryScopeStore _store = new();

    public async Task InitializeAsync()
    {
        await _store.CreateAsync(ScopeId.Org("acme"), null);
        foreach (var i in Enumerable.Range(0, 3))
        {
            await _store.CreateAsync(ScopeId.Workspace($"w{i}"), "acme");
        }

        await _silos.InitializeAsync();
        await _silos.UseAsync(_store);
    }

    Task IAsyncLifetime.DisposeAsync() => _silos.DisposeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private Task<ApiFixture> StartAsync() => ApiFixture.StartWithAsync(builder => builder.Services.AddSingleton<IModuleEngine>(_silos.Engine(1)));

    [Fact]
    public async Task Batch_names_workspaces_that_were_never_read()
    {
        await using var api = await StartAsync();
        var answer = (await api.PostAsync("/api/platform/batch", """{"workspaces":["w0","nobody","w2"]}""")).Is(200);
        Assert.Equal(["w0", "w2"], answer.Json["results"]!.AsArray().Select(r => (string?)r!["workspaceId"]));
        Assert.Equal(["nobody"], answer.Strings("notFound"));
    }

    [Fact]
    public async Task Workspaces_of_an_organization_that_was_never_read_are_listed()
    {
        await using var api = await StartAsync();
        Assert.Equal(3, (await api.GetAsync($"{Workspaces}?orgId=acme")).Is(200).Json["workspaces"]!.AsArray().Count);
        (await api.GetAsync($"{Workspaces}?orgId=nobody")).Is(404);
    }

    [Fact]
    public async Task Stream_of_a_workspace_that_was_never_read_begins()
    {
        await using var api = await StartAsync();
        using var events = await EventReader.OpenAsync(api, $"{Workspaces}/w1/events");
        await events.SaysAsync("s0.o1.w1", "null");
    }

    [Fact]
    public async Task Map_override_and_history_of_a_workspace_that_was_never_read_are_there()
    {
        await using var api = await StartAsync();
        Assert.Equal("s0.o1.w1", (await api.GetAsync($"{Workspaces}/w0/modules")).Is(200)["version"]);
        (await api.GetAsync($"{Workspaces}/w1")).Is(200);
        Assert.Single((await api.GetAsync($"{Workspaces}/w2/history")).Is(200).Json["changes"]!.AsArray());
        (await api.GetAsync($"{Workspaces}/nobody")).Is(404);
    }
}
