using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Json;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;

namespace OrleansModules.Bench.Data;

/// <summary>Fills an engine through its own door: every change is validated and decided as a request's would be.</summary>
internal sealed class SampleTree
{
    private readonly EmbeddedEngine _engine;

    /// <summary>An empty engine; start it with <see cref="StartAsync"/>.</summary>
    public SampleTree(IScopeStore store)
    {
        var watches = new WatchHub();
        var replica = new Replica(Tree, watches);
        _engine = new EmbeddedEngine(store, Tree, watches, replica, new FeedFollower(store, replica, TimeProvider.System, new FollowOptions()), TimeProvider.System);
    }

    /// <summary>The engine's tree.</summary>
    public ModuleTree Tree { get; } = new();

    /// <summary>The engine.</summary>
    public EmbeddedEngine Engine => _engine;

    /// <summary>Loads what the store has.</summary>
    public Task StartAsync() => _engine.StartAsync(CancellationToken.None);

    /// <summary>Registers modules.</summary>
    public async Task AddModulesAsync(int modules)
    {
        for (var i = 0; i < modules; i++)
        {
            await ChangeAsync(ScopeId.System, new ScopeCommand.RegisterModule(SampleModules.Definition(i)));
        }
    }

    /// <summary>Creates organizations.</summary>
    public async Task AddOrgsAsync(SampleScopes scopes, int orgs)
    {
        for (var i = 0; i < orgs; i++)
        {
            await ChangeAsync(ScopeId.Org(scopes.Org(i)), new ScopeCommand.PutScope(null, null));
        }
    }

    /// <summary>Creates one workspace, with overrides where asked.</summary>
    public async Task AddWorkspaceAsync(SampleScopes scopes, int workspace, int orgs, int modules, bool withOverrides)
    {
        await ChangeAsync(ScopeId.Workspace(scopes.Workspace(workspace)), new ScopeCommand.PutScope(null, scopes.Org(workspace % orgs)));
        if (withOverrides)
        {
            foreach (var module in SampleScopes.Overridden(workspace, modules))
            {
                var body = JsonObjectValue.Parse(SampleScopes.OverrideJson(workspace, module));
                await ChangeAsync(ScopeId.Workspace(scopes.Workspace(workspace)), new ScopeCommand.PutOverride(SampleModules.Name(module), body));
            }
        }
    }

    /// <summary>Makes one change that must be accepted.</summary>
    public async Task ChangeAsync(ScopeId scope, ScopeCommand command)
    {
        var answer = await _engine.ChangeAsync(new ChangeRequest { Scope = scope, Command = command, Actor = "bench", Force = true }, CancellationToken.None);
        if (answer is not ChangeAnswer.Accepted)
        {
            throw new BenchException($"{scope}: {command} was not accepted: {answer}");
        }
    }
}
