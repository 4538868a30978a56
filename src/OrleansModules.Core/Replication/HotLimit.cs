using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Replication;

/// <summary>Keeps the workspaces that a node holds within a limit: lets go of those that were not read lately.</summary>
/// <remarks>
/// A clock hand goes round: what was read since it last came by gets another round, the rest is let go. The system and
/// organizations stay, as does what is watched or pinned, even beyond the limit. Safe for concurrent use.
/// </remarks>
/// <param name="tree">What the node holds.</param>
/// <param name="replica">Lets go of it.</param>
/// <param name="limit">How many workspaces to hold, 1 or more.</param>
public sealed class HotLimit(ModuleTree tree, Replica replica, int limit)
{
    private readonly Lock _gate = new();
    private IEnumerator<(ScopeId Scope, bool WasRead)>? _hand;
    private int _epoch;
    private long _evicted;

    /// <summary>How many workspaces were let go so far.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>Lets go of as many workspaces as are beyond the limit.</summary>
    public void Keep()
    {
        if (replica.HoldsAll)
        {
            return;
        }

        lock (_gate)
        {
            var count = tree.WorkspaceCount;
            var (excess, looks) = (count - limit, 2L * count);
            for (; excess > 0 && looks > 0; looks--)
            {
                var (scope, wasRead) = Next();
                if (!wasRead && replica.Evict(scope))
                {
                    excess--;
                    Interlocked.Increment(ref _evicted);
                }
            }
        }
    }

    private (ScopeId Scope, bool WasRead) Next()
    {
        // A new epoch brings a new tree.
        if (_hand is null || _epoch != tree.Epoch || !_hand.MoveNext())
        {
            (_hand, _epoch) = (tree.Sweep().GetEnumerator(), tree.Epoch);
            if (!_hand.MoveNext())
            {
                return (ScopeId.System, true);
            }
        }

        return _hand.Current;
    }
}
