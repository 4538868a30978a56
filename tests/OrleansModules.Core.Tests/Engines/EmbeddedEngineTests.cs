using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;
using OrleansModules.Engines.Conformance;

namespace OrleansModules.Core.Tests.Engines;

/// <summary>The embedded engine passes the suite of all engines.</summary>
public sealed class EmbeddedEngineTests : EngineConformance
{
    [Fact]
    [Requirement("L7")]
    public async Task Read_at_least_of_a_scope_that_another_node_made_a_moment_ago_finds_it()
    {
        await using var store = new MemoryScopeStore();
        var (reader, writer) = (await StartAsync(store), await StartAsync(store));
        var workspace = ScopeId.Workspace("support");
        await writer.ChangeAsync(new ChangeRequest { Scope = ScopeId.Org("acme"), Command = new ScopeCommand.PutScope("Acme", null), Actor = "tester" }, default);
        await writer.ChangeAsync(new ChangeRequest { Scope = workspace, Command = new ScopeCommand.PutScope("Support", "acme"), Actor = "tester" }, default);
        Assert.True(writer.TryReadVersion(workspace, out var written));

        Assert.Equal(ReadStatus.NotFound, (await reader.ReadAsync(workspace, null, TimeSpan.Zero, default)).Status);
        var answer = await reader.ReadAsync(workspace, written, TimeSpan.Zero, default);

        Assert.Equal((ReadStatus.Found, written), (answer.Status, answer.View.Version));
    }

    /// <inheritdoc/>
    protected override async Task<IModuleEngine> StartAsync(MemoryScopeStore store)
    {
        var (tree, watches) = (new ModuleTree(), new WatchHub());
        var replica = new Replica(tree, watches);
        var engine = new EmbeddedEngine(store, tree, watches, replica, new FeedFollower(store, replica, TimeProvider.System, new FollowOptions()), TimeProvider.System);
        await engine.StartAsync(CancellationToken.None);
        return engine;
    }
}
