using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Tests.Replication.Simulation;

/// <summary>One history: three nodes on one record, clients that change and read, and faults that end before the end.</summary>
internal sealed class Cluster
{
    private const long FaultsEnd = 2_500_000;
    private const long LastAnswer = FaultsEnd + 700_000;
    private const long ConvergedAfter = 1_000_000;
    private const int Changes = 14;
    private const int Reads = 40;

    private readonly Dictionary<string, SimulatedNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChangeRecord> _acknowledged = new(StringComparer.Ordinal);
    private readonly Dictionary<ScopeId, MapVersion> _session = [];

    public Cluster(int seed, FaultPlan faults)
    {
        (Schedule, Faults, Contents) = (new Schedule(seed), faults, new Contents(faults.WithModules));
        Record = new SimulatedRecord(Schedule);
        foreach (var name in Names)
        {
            StartNode(name);
        }
    }

    public Schedule Schedule { get; }

    public FaultPlan Faults { get; }

    public Contents Contents { get; }

    public SimulatedRecord Record { get; }

    public IReadOnlyList<string> Names { get; } = ["n1", "n2", "n3"];

    public bool IsFaulty => Schedule.Now < FaultsEnd;

    public bool Restored => Record.Head.Epoch > 1;

    /// <summary>Runs the history and checks it.</summary>
    public void Run()
    {
        for (var i = 1; i <= Changes; i++)
        {
            var operation = i;
            Schedule.After(Schedule.Random.NextInt64(FaultsEnd), () => Change(Pick(Contents.Scopes), operation.ToString()));
        }

        for (var i = 0; i < Reads; i++)
        {
            Schedule.After(Schedule.Random.NextInt64(LastAnswer), ReadSomewhere);
        }

        PlanFaults();
        Schedule.RunUntil(LastAnswer);
        Schedule.RunUntil(Math.Max(FaultsEnd, Record.ChangedAt) + ConvergedAfter);
        CheckConverged();
        CheckRecord();
    }

    /// <summary>Sends a message to whoever has this name then. It may get lost, come twice, or come late.</summary>
    public void Send(string to, Action<SimulatedNode> handle, Action<SimulatedNode> answer)
    {
        var copies = !IsFaulty ? 1 : Schedule.Chance(Faults.Drop) ? 0 : Schedule.Chance(Faults.Double) ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            Schedule.After(Latency(), () =>
            {
                var node = _nodes[to];
                node.Run(() =>
                {
                    handle(node);
                    node.CheckOutboxes();
                    if (!IsFaulty || !Schedule.Chance(Faults.Drop / 2))
                    {
                        Schedule.After(Latency(), () => answer(node));
                    }
                });
            });
        }
    }

    public long Latency() => IsFaulty && Schedule.Chance(Faults.Late) ? Schedule.Random.Next(300_000) : 200 + Schedule.Random.Next(2_000);

    public void Acknowledge(string operation, ChangeRecord change)
    {
        if (Restored && !Record.Feed.Contains(change))
        {
            return; // the restore came between the commit and the answer
        }

        Expect.That(!_acknowledged.TryGetValue(operation, out var before) || before == change, $"I5: operation {operation} was answered with two changes");
        _acknowledged[operation] = change;
        _session[change.Scope] = change.Scope.Kind switch
        {
            ScopeKind.System => new MapVersion(ScopeKind.System, change.Revision, 0, 0, (int)Record.Head.Epoch),
            ScopeKind.Org => new MapVersion(ScopeKind.Org, 0, change.Revision, 0, (int)Record.Head.Epoch),
            _ => new MapVersion(ScopeKind.Workspace, 0, 0, change.Revision, (int)Record.Head.Epoch),
        };
    }

    private void StartNode(string name)
    {
        var node = new SimulatedNode(this, name);
        _nodes[name] = node;
        node.Start();
    }

    private void Change(ScopeId scope, string operation)
    {
        if (IsFaulty && !_acknowledged.ContainsKey(operation))
        {
            _nodes[Pick(Names)].Run(() => _nodes[Pick(Names)].Change(scope, operation, () => Schedule.After(20_000, () => Change(scope, operation))));
        }
    }

    private void ReadSomewhere()
    {
        var (node, scope) = (_nodes[Pick(Names)], Pick(Contents.Scopes));
        node.Run(() =>
        {
            node.Read(scope, _session.TryGetValue(scope, out var seen) ? seen : null, version => _session[scope] = version);
            if (!Faults.HoldsAll && Schedule.Chance(0.2))
            {
                node.Evict(scope);
            }
        });
    }

    private void PlanFaults()
    {
        foreach (var name in Names)
        {
            if (Faults.Crashes && Schedule.Chance(0.4))
            {
                Schedule.After(Schedule.Random.NextInt64(FaultsEnd - 500_000), () =>
                {
                    _nodes[name].Kill();
                    Schedule.After(Schedule.Random.Next(400_000), () => StartNode(name));
                });
            }

            if (Faults.Freezes && Schedule.Chance(0.3))
            {
                Schedule.After(Schedule.Random.NextInt64(FaultsEnd - 700_000), () =>
                {
                    var node = _nodes[name];
                    node.IsFrozen = true;
                    Schedule.After(Schedule.Random.Next(600_000), () => node.IsFrozen = false);
                });
            }
        }

        if (Faults.Restores)
        {
            Schedule.After(FaultsEnd / 2, () =>
            {
                Record.Restore(lost: Schedule.Random.Next(3));
                _session.Clear();
                _acknowledged.Clear();
            });
        }
    }

    private void CheckConverged()
    {
        foreach (var node in _nodes.Values)
        {
            Expect.That(node.IsReady, $"{node.Name} is not ready");
            foreach (var scope in node.Held)
            {
                var held = node.Tree.FindLayer(scope)!;
                Expect.That(held.Revision == Record.RevisionOf(scope), $"I10: {node.Name} has {scope}@{held.Revision}, the record has @{Record.RevisionOf(scope)}");
                Expect.That(held.Revision == 0 || Contents.AreEqual(Record.Find(scope)!, held), $"I2: {node.Name} has another {scope}@{held.Revision} than the record");
            }

            Expect.That(!Faults.HoldsAll || Contents.Scopes.All(s => Record.RevisionOf(s) == 0 || node.Tree.FindLayer(s) is not null), $"I10: {node.Name} lacks a scope");
        }
    }

    private void CheckRecord()
    {
        Assert.Equal(Enumerable.Range(1, Record.Feed.Count).Select(p => (long)p), Record.Feed.Select(r => r.Position));
        foreach (var changes in Record.Feed.GroupBy(r => r.Scope))
        {
            var layer = changes.Aggregate((Layer?)null, LayerFold.Apply);
            Expect.That(layer!.Revision == changes.Count() && Contents.AreEqual(Record.Find(changes.Key)!, layer), $"I3: {changes.Key} is not what its {changes.Count()} changes make");
        }

        foreach (var (operation, change) in _acknowledged)
        {
            Assert.Equal(change, Assert.Single(Record.Feed, r => r.OperationId == operation));
        }
    }

    private T Pick<T>(IReadOnlyList<T> items) => items[Schedule.Random.Next(items.Count)];
}
