using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Engines.Conformance;

/// <summary>What every engine must do. A test project inherits this for each of its engines.</summary>
public abstract partial class EngineConformance
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Starts an engine on a store.</summary>
    protected abstract Task<IModuleEngine> StartAsync(MemoryScopeStore store);

    private static ScopeId Acme { get; } = ScopeId.Org("acme");

    private static ScopeId Support { get; } = ScopeId.Workspace("support");

    private static ModuleDefinition Module(string name, params string[] requires) => new()
    {
        Name = name,
        DisplayName = name,
        Config = JsonObjectValue.Parse("""{"limit":100}"""),
        Dependencies = [.. requires.Select(r => new ModuleDependency(r, Core.Versions.VersionRange.Any, IsOptional: false))],
    };

    private static ScopeCommand Override(string module, string body) => new ScopeCommand.PutOverride(module, JsonObjectValue.Parse(body));

    private static ValueTask<ChangeAnswer> ChangeAsync(IModuleEngine engine, ScopeId scope, ScopeCommand command, Func<ChangeRequest, ChangeRequest>? with = null)
    {
        var request = new ChangeRequest { Scope = scope, Command = command, Actor = "tester" };
        return engine.ChangeAsync(with is null ? request : with(request), CancellationToken.None);
    }

    private static async Task<ChangeRecord> AcceptedAsync(IModuleEngine engine, ScopeId scope, ScopeCommand command, Func<ChangeRequest, ChangeRequest>? with = null) =>
        Assert.IsType<ChangeAnswer.Accepted>(await ChangeAsync(engine, scope, command, with)).Record;

    private static async Task<string[]> RefusedAsync(IModuleEngine engine, ScopeId scope, ScopeCommand command, Func<ChangeRequest, ChangeRequest>? with = null) =>
        [.. Assert.IsType<ChangeAnswer.Refused>(await ChangeAsync(engine, scope, command, with)).Faults.Select(f => f.Code)];

    /// <summary>An engine with module-kb, organization acme and its workspace support.</summary>
    private async Task<(IModuleEngine Engine, MemoryScopeStore Store)> StartWithScopesAsync()
    {
        var store = new MemoryScopeStore();
        var engine = await StartAsync(store);
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.RegisterModule(Module("module-kb")));
        await AcceptedAsync(engine, Acme, new ScopeCommand.PutScope("Acme", null));
        await AcceptedAsync(engine, Support, new ScopeCommand.PutScope("Support", "acme"));
        return (engine, store);
    }

    private static MapVersion VersionOf(IModuleEngine engine, ScopeId scope) => engine.TryRead(scope, out var view) ? view.Version : throw new InvalidOperationException($"{scope} is not there.");

    private static Core.Cascade.EffectiveModule Read(IModuleEngine engine, ScopeId scope, string module) =>
        engine.TryRead(scope, out var view) && view.Map.Find(module) is { } found ? found : throw new InvalidOperationException($"{scope} has no {module}.");
}
