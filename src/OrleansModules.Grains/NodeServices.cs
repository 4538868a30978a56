using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Grains;

/// <summary>What belongs to one silo: its replica, and what reads and changes go through.</summary>
internal sealed record NodeServices(ModuleTree Tree, Replica Replica, FeedFollower Follower, ScopeLoader Loader, ScopeOwner Owner)
{
    /// <summary>The revision of a scope that is in memory; 0 where none is.</summary>
    public long RevisionOf(ScopeId scope) => Tree.FindLayer(scope)?.Revision ?? 0;

    /// <summary>Whether this silo has at least the parts of a version that lie above a scope.</summary>
    public bool Has(MapVersion seen, ScopeId scope)
    {
        if (Tree.Epoch != seen.Epoch)
        {
            return Tree.Epoch > seen.Epoch;
        }

        var org = (Tree.FindLayer(scope) as Core.Cascade.ScopeLayer)?.OrgId;
        return RevisionOf(ScopeId.System) >= seen.System
            && (seen.Kind < ScopeKind.Org || (org is not null && RevisionOf(ScopeId.Org(org)) >= seen.Org));
    }

    /// <summary>Sees to it that a change made on another silo is seen by the next read on this one.</summary>
    /// <exception cref="Core.Stores.StoreException">The record cannot be read.</exception>
    public async ValueTask SeeAsync(ChangeRecord change, CancellationToken cancellationToken)
    {
        await Loader.EnsureAsync(change.Scope, cancellationToken);
        if (IsHere(change))
        {
            return;
        }

        // The usual case needs no question: this silo is exactly one change behind.
        Replica.Receive(new PushBatch("", 0, change.Version.Epoch, change.Position, [new ScopeDelta(change.Scope, change.Revision - 1, change.Revision, [change], null, [change.Position])]));
        if (!IsHere(change))
        {
            await Follower.CatchUpAsync(cancellationToken);
        }
    }

    private bool IsHere(ChangeRecord change) =>
        Tree.Epoch > change.Version.Epoch || (RevisionOf(change.Scope) >= change.Revision && Has(change.Version, change.Scope));
}
