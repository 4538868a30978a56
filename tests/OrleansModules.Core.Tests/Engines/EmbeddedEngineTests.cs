using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Tree;
using OrleansModules.Engines.Conformance;

namespace OrleansModules.Core.Tests.Engines;

/// <summary>The embedded engine passes the suite of all engines.</summary>
public sealed class EmbeddedEngineTests : EngineConformance
{
    /// <inheritdoc/>
    protected override async Task<IModuleEngine> StartAsync(MemoryScopeStore store)
    {
        var (tree, watches) = (new ModuleTree(), new WatchHub());
        var replica = new Replica(tree, watches);
        var engine = new EmbeddedEngine(store, tree, watches, replica, new FeedFollower(store, replica, TimeProvider.System, new FollowOptions()), TimeProvider.System);
        await engine.StartAsync(CancellationToken.None);
        return engine;
    }
}
