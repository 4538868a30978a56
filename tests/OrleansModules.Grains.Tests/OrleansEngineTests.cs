using OrleansModules.Core.Engines;
using OrleansModules.Engines.Conformance;
using OrleansModules.Grains.Tests.Hosting;

namespace OrleansModules.Grains.Tests;

/// <summary>The cluster engine on three silos passes the suite of all engines, asked at one silo.</summary>
public sealed class OrleansEngineTests(TestSilos silos) : EngineConformance, IClassFixture<TestSilos>
{
    /// <inheritdoc/>
    protected override async Task<IModuleEngine> StartAsync(MemoryScopeStore store)
    {
        await silos.UseAsync(store);
        return silos.Engine(1);
    }
}
