using OrleansModules.Core.Engines;
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
        var engine = new EmbeddedEngine(store, tree, watches, new FeedFollower(store, tree, watches, TimeProvider.System, new FollowOptions()), TimeProvider.System);
        await engine.StartAsync(CancellationToken.None);
        return engine;
    }
}
