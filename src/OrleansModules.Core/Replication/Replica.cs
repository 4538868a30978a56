using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Replication;

/// <summary>Takes committed changes into a node's tree, whichever way they come: pushed, read from the feed, loaded, or made here.</summary>
/// <remarks>
/// Pure: never waits, asks nobody. Safe for concurrent use. What it keeps to: every layer in the tree is at least as new as it
/// was in the record at <see cref="Position"/>. So whatever a push lost, reading the feed from there finds it, and reading the
/// feed in order never leaves out a revision.
/// </remarks>
/// <param name="tree">The node's tree.</param>
/// <param name="watches">Told of every scope that moved.</param>
/// <param name="holdsAll">Whether every scope of the record is in the tree; otherwise only the system and scopes that were loaded.</param>
public sealed class Replica(ModuleTree tree, WatchHub watches, bool holdsAll = true)
{
    private readonly Lock _gate = new();
    private readonly FeedPosition _position = new();
    private readonly ScopeLoads _loads = new();
    private long _heard;
    private bool _heardEpoch;

    /// <summary>The position of the feed up to which nothing is missing.</summary>
    public long Position => _position.Value;

    /// <summary>The highest position of the feed that a push or a change made here told of.</summary>
    public long Heard
    {
        get
        {
            lock (_gate)
            {
                return _heard;
            }
        }
    }

    /// <summary>The epoch that the tree belongs to.</summary>
    public long Epoch => tree.Epoch;

    /// <summary>Whether every scope of the record is in the tree.</summary>
    public bool HoldsAll => holdsAll;

    /// <summary>The organizations and workspaces in the tree.</summary>
    public IEnumerable<ScopeId> Held => tree.Scopes;

    /// <summary>Whether this node heard of changes that it does not have: the feed must be read.</summary>
    public bool IsBehind
    {
        get
        {
            lock (_gate)
            {
                return _heardEpoch || _heard > _position.Value;
            }
        }
    }

    /// <summary>Says that a head of the feed was read and everything is about to be loaded: what loads under way read before is too old.</summary>
    public void BeginReload()
    {
        lock (_gate)
        {
            _loads.StartAgain();
        }
    }

    /// <summary>Starts from a head of the feed.</summary>
    /// <param name="head">The head.</param>
    /// <param name="fresh">A tree of the head's epoch with everything this node is to hold, all read from the record after the head was. Not to be used any more.</param>
    public void StartAt(FeedHead head, ModuleTree fresh)
    {
        lock (_gate)
        {
            tree.Become(fresh);
            _position.Reset(head.Position);
            (_heard, _heardEpoch) = (head.Position, false);
        }

        watches.Notify(ScopeId.System);
    }

    /// <summary>Takes in what another node pushed.</summary>
    public PushAck Receive(PushBatch batch)
    {
        var moved = new List<ScopeId>();
        lock (_gate)
        {
            if (batch.Epoch == tree.Epoch)
            {
                _heard = Math.Max(_heard, batch.Head);
                foreach (var delta in batch.Deltas)
                {
                    Receive(delta, moved);
                }
            }
            else
            {
                _heardEpoch |= batch.Epoch > tree.Epoch;
            }
        }

        Notify(moved);
        return new PushAck(batch.Number, Epoch, Position);
    }

    /// <summary>Takes in a page of the feed.</summary>
    /// <param name="changes">In order of position, without gaps, from <see cref="Position"/> or before.</param>
    /// <returns>Scopes that the tree is further behind than the page can mend: load them, <see cref="Mend"/> them, and take the page in again.</returns>
    public IReadOnlyCollection<ScopeId> TakeIn(IReadOnlyList<ChangeRecord> changes)
    {
        var moved = new List<ScopeId>();
        var behind = new HashSet<ScopeId>();
        lock (_gate)
        {
            foreach (var change in changes)
            {
                if (!behind.Contains(change.Scope) && !TryTake(change, moved))
                {
                    behind.Add(change.Scope);
                }
            }

            if (behind.Count == 0)
            {
                foreach (var change in changes)
                {
                    _position.Add(change.Position);
                }
            }
        }

        Notify(moved);
        return behind;
    }

    /// <summary>Takes in a layer just read from the record, where it is newer.</summary>
    public void Mend(ScopeId scope, Layer layer)
    {
        if (tree.Apply(scope, layer))
        {
            watches.Notify(scope);
        }
    }

    /// <summary>Takes in a change that this node committed itself.</summary>
    /// <param name="epoch">The <see cref="Epoch"/> from before the commit.</param>
    /// <param name="change">The change with its position.</param>
    /// <param name="after">The scope's layer after it.</param>
    /// <returns>Whether the tree has the change; where not, the scope has to be loaded before it can be read here.</returns>
    public bool Took(long epoch, ChangeRecord change, Layer after)
    {
        bool isHeld;
        lock (_gate)
        {
            if (epoch != tree.Epoch)
            {
                return false;
            }

            // Of a scope that is not held, later changes may have gone by already: its layer is left to a load, which is told of this one.
            isHeld = IsHeld(change.Scope, change.Revision, out _);
            if (isHeld)
            {
                tree.Apply(change.Scope, after);
            }

            _heard = Math.Max(_heard, change.Position);
            _position.Add(change.Position);
        }

        if (isHeld)
        {
            watches.Notify(change.Scope);
        }

        return isHeld;
    }

    /// <summary>Lets go of a scope on a node that does not hold all; the next read of it loads it again.</summary>
    /// <returns>False where it stays: it is watched, pinned, or no workspace.</returns>
    public bool Evict(ScopeId scope)
    {
        lock (_gate)
        {
            if (holdsAll || tree.FindLayer(scope) is not { } layer || !tree.Evict(scope))
            {
                return false;
            }

            // Looked at only now: who begins to watch after this does not find the scope, and loads it.
            if (watches.IsWatched(scope))
            {
                tree.Apply(scope, layer);
                return false;
            }

            return true;
        }
    }

    /// <summary>Whether the record has nothing about a scope, as far as this node knows without asking.</summary>
    public bool IsAbsent(ScopeId scope)
    {
        lock (_gate)
        {
            return tree.FindLayer(scope) is null && (holdsAll || _loads.IsAbsent(scope));
        }
    }

    /// <summary>Announces that a scope will be read from the record, so that changes made meanwhile are not lost.</summary>
    /// <returns>False where it is in the tree, is known to be absent, or is being read already.</returns>
    public bool BeginLoad(ScopeId scope)
    {
        lock (_gate)
        {
            return !holdsAll && tree.FindLayer(scope) is null && _loads.Begin(scope);
        }
    }

    /// <summary>Takes in what was read from the record for a scope that was announced.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="layer">Its layer; null where the record has none.</param>
    /// <returns>False where the answer is too old already: read the scope again.</returns>
    public bool EndLoad(ScopeId scope, Layer? layer)
    {
        lock (_gate)
        {
            if (!_loads.TryEnd(scope, layer?.Revision ?? 0))
            {
                return false;
            }

            if (layer is null)
            {
                return true;
            }

            tree.Apply(scope, layer);
        }

        watches.Notify(scope);
        return true;
    }

    /// <summary>Takes an announcement back: the record could not be read.</summary>
    public void GiveUpLoad(ScopeId scope)
    {
        lock (_gate)
        {
            _loads.GiveUp(scope);
        }
    }

    private void Receive(ScopeDelta delta, List<ScopeId> moved)
    {
        if (delta.Layer is { } layer)
        {
            if (IsHeld(delta.Scope, delta.To, out _) && tree.Apply(delta.Scope, layer))
            {
                moved.Add(delta.Scope);
            }
        }
        else
        {
            foreach (var change in delta.Changes)
            {
                if (!TryTake(change, moved))
                {
                    return; // the positions stay open, and the feed is read
                }
            }
        }

        foreach (var position in delta.Positions)
        {
            _position.Add(position);
        }
    }

    private bool TryTake(ChangeRecord change, List<ScopeId> moved)
    {
        if (!IsHeld(change.Scope, change.Revision, out var known) || change.Revision <= (known?.Revision ?? 0))
        {
            return true;
        }

        if (change.Revision > (known?.Revision ?? 0) + 1)
        {
            return false;
        }

        // Where a change is decided and committed on this node meanwhile, its layer is equal to this one, and one of them stays.
        if (tree.Apply(change.Scope, LayerFold.Apply(known, change)))
        {
            moved.Add(change.Scope);
        }

        return true;
    }

    /// <summary>Whether the tree holds a scope, or is to hold all; tells a load under way of the change.</summary>
    private bool IsHeld(ScopeId scope, long revision, out Layer? known)
    {
        known = tree.FindLayer(scope);
        if (known is not null || holdsAll)
        {
            return true;
        }

        _loads.Changed(scope, revision);
        return false;
    }

    private void Notify(List<ScopeId> moved)
    {
        foreach (var scope in moved)
        {
            watches.Notify(scope);
        }
    }
}
