using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Grains;

/// <summary>What belongs to one silo: its replica, and what reads and changes go through.</summary>
internal sealed record NodeServices(ModuleTree Tree, Replica Replica, FeedFollower Follower, ScopeLoader Loader, ScopeOwner Owner)
{
    /// <summary>Whether this silo has at least the parts of a version that lie above a scope.</summary>
    public bool Has(MapVersion seen, ScopeId scope)
    {
        if (Tree.Epoch != seen.Epoch)
        {
            return Tree.Epoch > seen.Epoch;
        }

        var org = (Tree.FindLayer(scope) as Core.Cascade.ScopeLayer)?.OrgId;
        return Tree.FindLayer(ScopeId.System)!.Revision >= seen.System
            && (seen.Kind < ScopeKind.Org || (org is not null && Tree.FindLayer(ScopeId.Org(org))?.Revision >= seen.Org));
    }
}
