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
        var engine = new EmbeddedEngine(store, new ModuleTree(), new WatchHub(), TimeProvider.System);
        await engine.StartAsync(CancellationToken.None);
        return engine;
    }
}
