using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;

namespace OrleansModules.Api.Tests.Hosting;

/// <summary>The engine that the tests of the API run on: here the embedded one. The tests of the cluster run them on silos by another class of this name.</summary>
internal sealed class EngineUnderTest : IAsyncDisposable
{
    private EngineUnderTest()
    {
    }

    /// <summary>Registers an engine on a store, and the store.</summary>
    public static Task<EngineUnderTest> AddAsync(IServiceCollection services, IScopeStore store)
    {
        services.AddSingleton(_ => store);
        services.AddSingleton<ModuleTree>();
        services.AddSingleton<WatchHub>();
        services.AddSingleton(new FollowOptions());
        services.AddSingleton<Replica>();
        services.AddSingleton<FeedFollower>();
        services.AddSingleton<EmbeddedEngine>();
        services.AddSingleton<IModuleEngine>(s => s.GetRequiredService<EmbeddedEngine>());
        return Task.FromResult(new EngineUnderTest());
    }

    /// <summary>Starts the engine.</summary>
    public Task StartAsync(IServiceProvider services) => services.GetRequiredService<EmbeddedEngine>().StartAsync(CancellationToken.None);

    /// <summary>Leaves the engine to the application.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
