using System.Collections.Concurrent;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tests.Generators;
using OrleansModules.Core.Tests.Oracle;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Tests.Tree;

[Requirement("L7")]
public sealed class ModuleTreeStressTests
{
    private const int Revisions = 400;
    private const int ReadsPerThread = 20_000;

    private static readonly ScopeId Org = World.OrgScope;
    private static readonly ScopeId Workspace = World.WorkspaceScope;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Map_is_the_answer_for_exactly_the_version_it_carries_and_versions_never_go_down(int seed)
    {
        var systems = Enumerable.Range(0, Revisions + 1).Select(r => new Dice(seed * 1000 + (r % 40)).World().SystemLayer(r)).ToArray();
        var orgs = Enumerable.Range(0, Revisions + 1).Select(r => World.LayerOf(new Dice(seed + 5000 + (r % 30)).Overrides(), null, r)).ToArray();
        var workspaces = Enumerable.Range(0, Revisions + 1).Select(r => World.LayerOf(new Dice(seed + 9000 + (r % 30)).Overrides(), Org.Id, r)).ToArray();
        var tree = new ModuleTree();
        tree.Apply(ScopeId.System, systems[1]);
        tree.Apply(Org, orgs[1]);
        tree.Apply(Workspace, workspaces[1]);

        // What the store has of the workspace: the revision is taken here first, then pushed.
        var stored = 1;
        var served = new ConcurrentDictionary<(ScopeId Scope, MapVersion Version), EffectiveMap>();
        var answered = 0;
        using var start = new Barrier(6);

        void Write()
        {
            start.SignalAndWait();
            var dice = new Dice(seed);
            for (var r = 2; r <= Revisions; r++)
            {
                tree.Apply(ScopeId.System, systems[r]);
                tree.Apply(Org, orgs[r]);
                Volatile.Write(ref stored, r);
                using (tree.Pin(Workspace, Org.Id))
                {
                    tree.Apply(Workspace, workspaces[r]);
                    tree.Apply(Workspace, workspaces[dice.Below(r)]);
                }

                tree.Apply(ScopeId.System, systems[dice.Below(r)]);
                tree.Apply(Org, orgs[dice.Below(r)]);
                Thread.Yield();
            }
        }

        void EvictAndLoad()
        {
            start.SignalAndWait();
            for (var i = 0; i < 4000; i++)
            {
                tree.Evict(Workspace);
                using (tree.Pin(Workspace, Org.Id))
                {
                    tree.Apply(Workspace, workspaces[Volatile.Read(ref stored)]);
                }
            }
        }

        void Read(ScopeId[] scopes)
        {
            start.SignalAndWait();
            var seen = new Dictionary<ScopeId, MapVersion>();
            for (var i = 0; i < ReadsPerThread; i++)
            {
                var scope = scopes[i % scopes.Length];
                if (!tree.TryRead(scope, out var view))
                {
                    Assert.Equal(ScopeKind.Workspace, scope.Kind);
                    continue;
                }

                Interlocked.Increment(ref answered);
                if (seen.TryGetValue(scope, out var last) && !view.Version.IsAtLeast(last))
                {
                    Assert.Fail($"{scope} went back from {last} to {view.Version}");
                }

                seen[scope] = view.Version;
                served.TryAdd((scope, view.Version), view.Map);
            }
        }

        await Task.WhenAll(
            Run(Write),
            Run(EvictAndLoad),
            Run(() => Read([Workspace])),
            Run(() => Read([Workspace, Org, ScopeId.System])),
            Run(() => Read([Workspace, ScopeId.System])),
            Run(() => Read([Org, Workspace])));

        Assert.True(answered > ReadsPerThread, $"{answered} reads were answered");
        foreach (var ((scope, version), map) in served)
        {
            var system = CascadeResolver.Resolve(systems[version.System], null);
            var org = scope.Kind >= ScopeKind.Org ? CascadeResolver.Resolve(Org, Org, system, orgs[version.Org], null) : system;
            var expected = scope.Kind == ScopeKind.Workspace ? CascadeResolver.Resolve(Workspace, Org, org, workspaces[version.Workspace], null) : org;
            Assert.Equal(expected.Select(m => m.Name), map.Select(m => m.Name));
            for (var i = 0; i < expected.Count; i++)
            {
                var (wanted, actual) = (expected[i], map[i]);
                Assert.True(actual.Equals(wanted.Definition, wanted.Org, wanted.Workspace, wanted.ReasonArray), $"{scope} {version}: {wanted.Name}\n{MapAssert.Text(wanted)}\n{MapAssert.Text(actual)}");
            }
        }
    }

    // A failing thread would leave the others behind the barrier only at its start, which cannot fail.
    private static Task Run(Action body) => Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
