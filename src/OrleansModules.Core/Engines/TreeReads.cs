using OrleansModules.Core.Cascade;
using OrleansModules.Core.Explanations;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Engines;

/// <summary>The reads that every engine answers from its node's tree, loading what the node does not hold.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class TreeReads(ModuleTree tree, WatchHub watches, ScopeLoader loader, FeedFollower follower, TimeProvider time)
{
    /// <summary>See <see cref="IModuleEngine.ReadAsync"/>.</summary>
    public async ValueTask<ReadAnswer> ReadAsync(ScopeId scope, MapVersion? atLeast, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!tree.TryRead(scope, out var view))
        {
            // Held: what was just loaded may otherwise be let go again before it is read, where very many scopes are asked for.
            using var pin = await loader.HoldAsync(scope, cancellationToken);
            if (!tree.TryRead(scope, out view))
            {
                if (atLeast is null)
                {
                    return new ReadAnswer(ReadStatus.NotFound, default);
                }

                // Who names a version has seen the scope: it may have come into being elsewhere, and this node has not heard of it.
                await TryCatchUpAsync(cancellationToken);
                using var later = await loader.HoldAsync(scope, cancellationToken);
                if (!tree.TryRead(scope, out view))
                {
                    return new ReadAnswer(ReadStatus.NotFound, default);
                }
            }
        }

        if (atLeast is not { } wanted || view.Version.IsAtLeast(wanted))
        {
            return new ReadAnswer(ReadStatus.Found, view);
        }

        var started = time.GetTimestamp();
        using var watch = Watch(scope); // from here on it stays
        await loader.EnsureAsync(scope, cancellationToken);
        await TryCatchUpAsync(cancellationToken);
        while (tree.TryRead(scope, out view))
        {
            var left = patience - time.GetElapsedTime(started);
            if (view.Version.IsAtLeast(wanted))
            {
                return new ReadAnswer(ReadStatus.Found, view);
            }

            if (left <= TimeSpan.Zero || !await watch.WaitAsync(left, cancellationToken))
            {
                return new ReadAnswer(ReadStatus.Behind, view);
            }
        }

        return new ReadAnswer(ReadStatus.NotFound, default);
    }

    /// <summary>See <see cref="IModuleEngine.ReadLayerAsync"/>.</summary>
    public async ValueTask<Layer?> ReadLayerAsync(ScopeId scope, CancellationToken cancellationToken)
    {
        var layer = tree.FindLayer(scope);
        if (layer is null)
        {
            using var pin = await loader.HoldAsync(scope, cancellationToken);
            layer = tree.FindLayer(scope);
        }

        return layer is { IsDeleted: false } ? layer : null;
    }

    /// <summary>See <see cref="IModuleEngine.ExplainAsync"/>.</summary>
    public async ValueTask<Explanation?> ExplainAsync(ScopeId scope, string module, CancellationToken cancellationToken)
    {
        using var pin = await loader.HoldAsync(scope, cancellationToken);

        // Layers only move forward, so a view between two looks at the same layers belongs to them.
        while (true)
        {
            var system = (SystemLayer)tree.FindLayer(ScopeId.System)!;
            var own = tree.FindLayer(scope) as ScopeLayer;
            var orgId = scope.Kind == ScopeKind.Org ? scope.Id : own?.OrgId;
            if (orgId is null || tree.FindLayer(ScopeId.Org(orgId)) is not ScopeLayer org || !tree.TryRead(scope, out var view))
            {
                return null;
            }

            if (view.Version.System == system.Revision && view.Version.Org == org.Revision && view.Version.Own == own!.Revision)
            {
                return new Explainer(scope, orgId, view, system, org, scope.Kind == ScopeKind.Workspace ? own : null).Explain(module);
            }
        }
    }

    /// <summary>See <see cref="IModuleEngine.Watch"/>.</summary>
    public ScopeWatch Watch(ScopeId scope) => watches.Watch(scope, scope.Kind == ScopeKind.Workspace ? (tree.FindLayer(scope) as ScopeLayer)?.OrgId : null);

    /// <summary>Asks the record at once rather than wait for a push or a poll. Where the record is away the caller waits for those.</summary>
    private async ValueTask TryCatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await follower.CatchUpAsync(cancellationToken);
        }
        catch (StoreException)
        {
            // The follower tells the operator of it.
        }
    }
}
