using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;
using OrleansModules.Core.Versions;

namespace OrleansModules.Core.Tests.Replication;

/// <summary>The replica of a node that holds only what was asked of it.</summary>
public sealed class ReplicaTests
{
    private static readonly ScopeId Late = ScopeId.Workspace("late");

    private readonly ModuleTree _tree = new();
    private readonly Replica _replica;

    public ReplicaTests() => _replica = new Replica(_tree, new WatchHub(), holdsAll: false);

    private static ChangeRecord Change(ScopeId scope, long revision, long position) => new()
    {
        Scope = scope,
        Revision = revision,
        Position = position,
        Kind = revision == 1 ? ChangeKind.ScopeCreated : ChangeKind.ScopeUpdated,
        Version = new MapVersion(ScopeKind.Workspace, 0, 1, revision),
        At = DateTime.UnixEpoch,
        Actor = "tester",
        Properties = new($"Name {revision}", "acme", IsDeleted: false, null),
    };

    private static Layer LayerAt(long revision)
    {
        Layer? layer = null;
        for (var r = 1; r <= revision; r++)
        {
            layer = LayerFold.Apply(layer, Change(Late, r, r));
        }

        return layer!;
    }

    [Fact]
    [Invariant("I10")]
    public void Own_change_of_a_scope_that_is_not_held_leaves_no_hole()
    {
        Assert.False(_replica.Took(0, Change(Late, 1, 1), LayerAt(1)));
        Assert.Equal(1, _replica.Position);
        Assert.False(_replica.IsBehind);
        Assert.Null(_tree.FindLayer(Late));
    }

    [Fact]
    [Invariant("I12")]
    public void Own_change_makes_a_load_that_read_before_it_read_again()
    {
        Assert.True(_replica.BeginLoad(Late));
        Assert.False(_replica.Took(0, Change(Late, 2, 1), LayerAt(2)));
        Assert.False(_replica.EndLoad(Late, LayerAt(1)));
        Assert.True(_replica.EndLoad(Late, LayerAt(2)));
        Assert.Equal(2, _tree.FindLayer(Late)!.Revision);
    }

    [Fact]
    [Invariant("I12")]
    public void Own_creation_ends_that_a_scope_was_known_to_be_absent()
    {
        Assert.True(_replica.BeginLoad(Late));
        Assert.True(_replica.EndLoad(Late, null));
        Assert.True(_replica.IsAbsent(Late));
        _replica.Took(0, Change(Late, 1, 1), LayerAt(1));
        Assert.False(_replica.IsAbsent(Late));
    }

    /// <summary>Two changes are committed and pushed while the scope is read: every order in which these can come.</summary>
    [Fact]
    [Invariant("I12")]
    public void Push_during_a_load_is_never_lost()
    {
        var histories = 0;
        Interleave([["commit 1", "push 1"], ["commit 2", "push 2"], ["begin", "read", "end"]], [], order =>
        {
            if (order.IndexOf("commit 2") > order.IndexOf("commit 1"))
            {
                histories++;
                RunLoad(order);
            }
        });
        Assert.Equal(105, histories);
    }

    private static void RunLoad(List<string> order)
    {
        var tree = new ModuleTree();
        var replica = new Replica(tree, new WatchHub(), holdsAll: false);
        var (committed, read) = (0, 0);
        foreach (var step in order)
        {
            switch (step)
            {
                case "begin":
                    Assert.True(replica.BeginLoad(Late));
                    break;
                case "read":
                    read = committed;
                    break;
                case "end":
                    while (!replica.EndLoad(Late, read == 0 ? null : LayerAt(read)))
                    {
                        Assert.NotEqual(committed, read); // only an answer that is too old is asked for again
                        read = committed;
                    }

                    break;
                case ['c', ..]:
                    committed++;
                    break;
                case [.., var digit]:
                    var revision = digit - '0';
                    replica.Receive(new PushBatch("other", revision, 0, revision, [new ScopeDelta(Late, revision - 1, revision, [Change(Late, revision, revision)], null, [revision])]));
                    break;
            }
        }

        var known = tree.FindLayer(Late)?.Revision ?? 0;
        var isKnown = known == 2 || (known == 0 && !replica.IsAbsent(Late)); // what is not known is asked for at the next read
        Assert.True(isKnown || replica.IsBehind, $"{string.Join(", ", order)}: revision {known}, and nobody looks for the other");
    }

    private static void Interleave(string[][] sequences, List<string> taken, Action<List<string>> use)
    {
        if (sequences.All(s => s.Length == 0))
        {
            use(taken);
        }

        for (var i = 0; i < sequences.Length; i++)
        {
            if (sequences[i].Length > 0)
            {
                Interleave([.. sequences.Select((s, at) => at == i ? s[1..] : s)], [.. taken, sequences[i][0]], use);
            }
        }
    }
}
