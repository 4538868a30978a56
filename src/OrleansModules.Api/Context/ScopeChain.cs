using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Api.Context;

/// <summary>A scope with what it and the scopes above say.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="View">Its map, read before the layers: they may be newer than it, never older.</param>
/// <param name="Layers">From the system down to the scope itself.</param>
internal sealed record ScopeChain(ScopeId Scope, ScopeView View, IReadOnlyList<Layer> Layers)
{
    /// <summary>The scope's own layer.</summary>
    public Layer Own => Layers[^1];

    /// <summary>Reads a scope with the scopes above.</summary>
    /// <exception cref="ApiException">It does not exist, or this node does not have the version in time.</exception>
    public static async Task<ScopeChain> ReadAsync(IModuleEngine engine, ScopeId scope, MapVersion? atLeast, TimeSpan patience, CancellationToken cancellationToken)
    {
        var (status, view) = await engine.ReadAsync(scope, atLeast, patience, cancellationToken);
        if (status == ReadStatus.Behind)
        {
            throw new ApiException(new ApiProblem(StatusCodes.Status503ServiceUnavailable, ApiCodes.VersionNotReached, $"{scope} is at {view.Version} here, not yet at {atLeast}.") { RetryAfter = 1, CurrentVersion = view.Version });
        }

        var layers = new List<Layer>();
        for (ScopeId? next = status == ReadStatus.Found ? scope : null; next is { } id;)
        {
            if (await engine.ReadLayerAsync(id, cancellationToken) is not { } layer)
            {
                throw new ApiException(RouteIds.Missing(scope)); // deleted since the view was read
            }

            layers.Insert(0, layer);
            next = id.Kind switch
            {
                ScopeKind.Workspace => ScopeId.Org(((ScopeLayer)layer).OrgId!), // every workspace has one
                ScopeKind.Org => ScopeId.System,
                _ => null,
            };
        }

        return layers.Count > 0 ? new ScopeChain(scope, view, layers) : throw new ApiException(RouteIds.Missing(scope));
    }
}
