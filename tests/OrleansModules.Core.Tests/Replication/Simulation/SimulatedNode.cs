using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Tests.Replication.Simulation;

/// <summary>One life of a node: the product's tree, replica and outboxes, driven by events of the simulation.</summary>
internal sealed class SimulatedNode
{
    private const int PageSize = 3; // small, so that a pull has several pages

    private readonly Cluster _cluster;
    private readonly Replica _replica;
    private readonly Dictionary<string, Outbox> _outboxes = new(StringComparer.Ordinal);
    private readonly Dictionary<ScopeId, MapVersion> _served = [];
    private readonly List<(long Asked, Action Then)> _afterLook = [];
    private bool _looking;
    private bool _started;

    public SimulatedNode(Cluster cluster, string name)
    {
        (_cluster, Name) = (cluster, name);
        _replica = new Replica(Tree, new WatchHub(), cluster.Faults.HoldsAll);
        foreach (var peer in cluster.Names.Where(n => n != name))
        {
            _outboxes[peer] = new Outbox(name, new OutboxOptions { MaxChanges = 2, MaxScopes = 3 });
        }
    }

    public string Name { get; }

    public ModuleTree Tree { get; } = new();

    public bool IsAlive { get; private set; } = true;

    /// <summary>While true nothing is handled: events that reach the node wait.</summary>
    public bool IsFrozen { get; set; }

    public bool IsReady { get; private set; }

    public IEnumerable<ScopeId> Held => _replica.Held.Append(ScopeId.System);

    public void Kill() => IsAlive = false;

    /// <summary>Loads, catches up once, then is ready and looks at the record at least twice a second.</summary>
    public void Start()
    {
        Reload(() =>
        {
            _started = true;
            var durable = Contents.Scopes.ToDictionary(s => s, _cluster.Record.RevisionOf);
            Look(() =>
            {
                IsReady = true;
                foreach (var scope in Held)
                {
                    Expect.That(Tree.FindLayer(scope)!.Revision >= durable[scope] || _cluster.Restored, $"I19: {Name} is ready with an older {scope} than was durable before");
                }
            });
            Poll();
        });
    }

    /// <summary>Makes a change here. The request or the answer may get lost: then the client sends it again, to any node.</summary>
    public void Change(ScopeId scope, string operation, Action retry)
    {
        if (!_started || (Tree.FindLayer(scope) is null && !_replica.HoldsAll && scope.Kind != ScopeKind.System && !_replica.IsAbsent(scope)))
        {
            Load(scope);
            retry();
            return;
        }

        var current = Tree.FindLayer(scope) is { Revision: > 0 } layer ? layer : null;
        var change = _cluster.Contents.Next(scope, current, operation);
        var after = LayerFold.Apply(current, change);
        var epoch = _replica.Epoch;
        Ask(() => _cluster.Record.Append(change, after), answer =>
        {
            switch (answer)
            {
                case AppendResult.Committed committed:
                    if (!_replica.Took(epoch, committed.Record, after))
                    {
                        Load(scope);
                    }

                    _cluster.Acknowledge(operation, committed.Record);
                    Push(epoch, committed.Record, after);
                    break;
                case AppendResult.Repeated repeated:
                    _cluster.Acknowledge(operation, repeated.First);
                    break;
                default:
                    Look(retry);
                    break;
            }
        }, lost: retry);
    }

    /// <summary>Reads a scope as a request does, after the version that the session has seen.</summary>
    public void Read(ScopeId scope, MapVersion? atLeast, Action<MapVersion> answered)
    {
        if (!_started)
        {
            return;
        }

        if (Tree.TryRead(scope, out var view))
        {
            Check(scope, view);
            if (atLeast is not { } wanted || view.Version.IsAtLeast(wanted))
            {
                answered(view.Version);
                return;
            }

            var epoch = _cluster.Record.Head.Epoch;
            Look(() => Expect.That(
                _cluster.Record.Head.Epoch != epoch || !Tree.TryRead(scope, out var later) || later.Version.IsAtLeast(wanted),
                $"I8: {Name} has read the whole feed and still is behind {wanted} of {scope}"));
            return;
        }

        Load(scope);
        if (scope.Kind == ScopeKind.Workspace)
        {
            Load(Contents.OrgOf(scope));
        }
    }

    public void Evict(ScopeId scope) => _replica.Evict(scope);

    public void CheckOutboxes() => _outboxes.Values.ToList().ForEach(o => Expect.That(o.Depth <= 6, $"I14: {o.Depth} scopes wait"));

    private void Check(ScopeId scope, ScopeView view)
    {
        if (_served.TryGetValue(scope, out var before) && _replica.Epoch == _cluster.Record.Head.Epoch)
        {
            Expect.That(view.Version.IsAtLeast(before), $"I7: {Name} served {before} of {scope}, then {view.Version}");
        }

        _served[scope] = view.Version;
        CheckSeen(scope, view.Version.Own);
        _cluster.Contents.CheckMap(_cluster.Record, scope, view);
    }

    private void CheckSeen(ScopeId scope, long revision)
    {
        if (revision > 0 && Tree.FindLayer(scope) is { } layer && layer.Revision == revision)
        {
            Expect.That(_cluster.Record.WasDurable(scope, layer), $"I2: {Name} has {scope}@{revision}, which the record never had");
        }
    }

    private void Push(long epoch, ChangeRecord change, Layer after)
    {
        foreach (var (peer, outbox) in _outboxes)
        {
            outbox.Add(epoch, change, after);
            Pump(peer, outbox);
        }
    }

    private void Pump(string peer, Outbox outbox)
    {
        if (outbox.TakeNext() is not { } batch)
        {
            return;
        }

        var isOpen = true;
        _cluster.Send(peer, node => node.Receive(batch), node => End(delivered: true));
        Later(1_000_000, () => End(delivered: false));

        void End(bool delivered)
        {
            if (!isOpen || !IsAlive)
            {
                return;
            }

            isOpen = false;
            outbox.Ended(delivered);
            Later((long)outbox.Pause.TotalMicroseconds, () => Pump(peer, outbox));
        }
    }

    private void Receive(PushBatch batch)
    {
        if (!_started)
        {
            return;
        }

        var ack = _replica.Receive(batch);
        Assert.Equal(batch.Number, ack.Number);
        if (_replica.IsBehind)
        {
            Later(20_000, () =>
            {
                if (_replica.IsBehind)
                {
                    Look(() => { });
                }
            });
        }
    }

    private void Poll() => Later(400_000 + _cluster.Schedule.Random.Next(100_000), () =>
    {
        Look(() => { });
        Poll();
    });

    /// <summary>Reads the head and everything up to it, as the follower does; looks that are wanted meanwhile are one more look.</summary>
    private void Look(Action then)
    {
        _afterLook.Add((_cluster.Schedule.Now, then));
        if (_looking)
        {
            return;
        }

        _looking = true;
        var asked = _cluster.Schedule.Now;
        Ask(() => _cluster.Record.Head, head =>
        {
            if (head.Epoch != _replica.Epoch)
            {
                Reload(() => Pull(head, asked));
            }
            else
            {
                Pull(head, asked);
            }
        }, lost: EndLook);
    }

    private void Pull(FeedHead head, long asked)
    {
        if (_replica.Position >= head.Position)
        {
            _looking = false;
            var done = _afterLook.Where(l => l.Asked <= asked).ToList();
            _afterLook.RemoveAll(l => l.Asked <= asked);
            done.ForEach(l => l.Then());
            if (_afterLook.Count > 0)
            {
                Look(() => { });
            }

            return;
        }

        Ask(() => _cluster.Record.Read(_replica.Position, PageSize), page =>
        {
            if (_cluster.Record.Head.Epoch != head.Epoch)
            {
                EndLook(); // the feed was restored in between
                return;
            }

            Assert.Empty(_replica.TakeIn(page)); // the replica's promise: in order, nothing is ever left out
            Pull(head, asked);
        }, lost: EndLook);
    }

    private void EndLook()
    {
        _looking = false;
        if (_afterLook.Count > 0)
        {
            Later(10_000, () => Look(() => { }));
        }
    }

    private void Reload(Action then) => Ask(() => _cluster.Record.Head, head =>
    {
        _replica.BeginReload();
        var scopes = _replica.HoldsAll ? Contents.Scopes.ToList() : [.. Held];
        Ask(() => scopes.Select(s => (Scope: s, Layer: _cluster.Record.Find(s))).ToList(), layers =>
        {
            var fresh = new ModuleTree((int)head.Epoch);
            foreach (var (scope, layer) in layers.Where(l => l.Layer is not null))
            {
                fresh.Apply(scope, layer!);
            }

            _replica.StartAt(head, fresh);
            then();
        }, lost: () => Reload(then));
    }, lost: () => Later(10_000, () => Reload(then)));

    private void Load(ScopeId scope)
    {
        if (_started && scope.Kind != ScopeKind.System && _replica.BeginLoad(scope))
        {
            ReadLayer(scope);
        }
    }

    private void ReadLayer(ScopeId scope) => Ask(() => _cluster.Record.Find(scope), layer =>
    {
        if (!_replica.EndLoad(scope, layer))
        {
            ReadLayer(scope);
        }
    }, lost: () => _replica.GiveUpLoad(scope));

    /// <summary>Asks the record: the request takes time, the answer takes time, and the node may be gone by then.</summary>
    private void Ask<T>(Func<T> question, Action<T> answered, Action lost)
    {
        var (there, back) = (_cluster.Latency(), _cluster.Latency());
        if (_cluster.IsFaulty && _cluster.Schedule.Chance(0.05))
        {
            Later(there, lost);
            return;
        }

        var replyLost = _cluster.IsFaulty && _cluster.Schedule.Chance(_cluster.Faults.LostReply);
        _cluster.Schedule.After(there, () =>
        {
            var answer = question();
            if (replyLost)
            {
                Later(50_000, lost);
            }
            else
            {
                Later(back, () => answered(answer));
            }
        });
    }

    /// <summary>Runs something on this node, unless it is gone by then; a frozen node runs it when it thaws.</summary>
    private void Later(long microseconds, Action action) => _cluster.Schedule.After(microseconds, () => Run(action));

    public void Run(Action action)
    {
        if (IsFrozen)
        {
            _cluster.Schedule.After(5_000, () => Run(action));
        }
        else if (IsAlive)
        {
            action();
        }
    }
}
