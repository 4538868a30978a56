using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;
using OrleansModules.Grains.Replication;

namespace OrleansModules.Grains;

/// <summary>Adds the cluster engine to a silo. The host registers an <see cref="IScopeStore"/> that all silos share, and a <see cref="TimeProvider"/>.</summary>
public static class GrainsHosting
{
    /// <summary>Registers the engine, the silo's replica, and what keeps it up to date.</summary>
    public static ISiloBuilder AddModulesGrains(this ISiloBuilder silo)
    {
        var services = silo.Services;
        services.AddOptions<ClusterEngineOptions>();
        services.AddOptions<FollowOptions>();
        services.AddOptions<OutboxOptions>();
        services.AddSingleton(s => s.GetRequiredService<IOptions<FollowOptions>>().Value);
        services.AddSingleton(s => s.GetRequiredService<IOptions<OutboxOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ModuleTree>();
        services.AddSingleton<WatchHub>();
        services.AddSingleton(s => new Replica(s.GetRequiredService<ModuleTree>(), s.GetRequiredService<WatchHub>(), s.GetRequiredService<IOptions<ClusterEngineOptions>>().Value.HoldAll));
        services.AddSingleton<FeedFollower>();
        services.AddSingleton(s => new HotLimit(s.GetRequiredService<ModuleTree>(), s.GetRequiredService<Replica>(), s.GetRequiredService<IOptions<ClusterEngineOptions>>().Value.HotWorkspaces));
        services.AddSingleton<ScopeLoader>();
        services.AddSingleton<TreeReads>();
        services.AddSingleton<ReplicaClient>();
        services.AddSingleton<ClusterMetrics>();
        services.AddSingleton<Pusher>();
        services.AddSingleton<CatchUp>();
        services.AddSingleton(MakeNode);
        services.AddSingleton(s => new ReadActivation(s.GetRequiredService<IGrainFactory>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<IOptions<ClusterEngineOptions>>().Value.ActivateOnRead));
        services.AddSingleton<OrleansEngine>();
        services.AddSingleton<IModuleEngine>(s => s.GetRequiredService<OrleansEngine>());
        services.AddSingleton(s => new ClusterReads(s.GetRequiredService<IClusterMembershipService>(), s.GetRequiredService<ReplicaClient>(), s.GetRequiredService<Pusher>()));
        services.AddHostedService<EngineRunner>();
        services.AddHostedService<MembershipWatch>();
        silo.AddIncomingGrainCallFilter<GrainCallMetrics>();
        silo.AddGrainService<ReplicaService>();
        return silo;
    }

    private static NodeServices MakeNode(IServiceProvider services)
    {
        var (tree, replica, follower) = (services.GetRequiredService<ModuleTree>(), services.GetRequiredService<Replica>(), services.GetRequiredService<FeedFollower>());
        var store = new PublishingStore(services.GetRequiredService<IScopeStore>(), replica, services.GetRequiredService<Pusher>());
        return new NodeServices(tree, replica, follower, services.GetRequiredService<ScopeLoader>(), new ScopeOwner(store, tree, replica, follower, services.GetRequiredService<TimeProvider>()));
    }
}
