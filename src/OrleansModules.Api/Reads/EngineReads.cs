using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Api.Reads;

/// <summary>Reads that are not hot.</summary>
internal static class EngineReads
{
    /// <summary>What is available in a scope now, whether or not the node holds it.</summary>
    /// <returns>Null where the scope does not exist.</returns>
    /// <exception cref="Core.Stores.StoreException">The record had to be asked, and cannot be read.</exception>
    public static async ValueTask<ScopeView?> FindViewAsync(this IModuleEngine engine, ScopeId scope, CancellationToken cancellationToken)
    {
        var (status, view) = await engine.ReadAsync(scope, null, TimeSpan.Zero, cancellationToken);
        return status == ReadStatus.Found ? view : null;
    }
}
