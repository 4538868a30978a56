using OrleansModules.Core.Changes;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Testing;

namespace OrleansModules.Engines.Conformance;

public abstract partial class EngineConformance
{
    [Fact]
    [Requirement("A9")]
    public async Task Enable_with_a_dependency_off_is_refused_unless_forced()
    {
        var engine = await StartAsync(new MemoryScopeStore());
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.RegisterModule(Module("module-ai") with { IsEnabled = false }));
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.RegisterModule(Module("module-kb", "module-ai") with { IsEnabled = false }));
        var enable = new ScopeCommand.SwitchModule("module-kb", IsEnabled: true);
        Assert.Equal([FaultCodes.DependencyConflict], await RefusedAsync(engine, ScopeId.System, enable));
        var forced = await AcceptedAsync(engine, ScopeId.System, enable, r => r with { Force = true });
        Assert.Equal<string[]>(["module-kb"], [.. forced.Broke]);
    }

    [Fact]
    [Requirement("A7")]
    [Requirement("A9")]
    public async Task Disable_of_a_core_module_with_dependents_names_every_fault_and_force_says_what_it_broke()
    {
        var engine = await StartAsync(new MemoryScopeStore());
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.RegisterModule(Module("module-ai") with { Type = ModuleType.Core }));
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.RegisterModule(Module("module-kb", "module-ai")));
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.RegisterModule(Module("module-chat", "module-ai")));
        var disable = new ScopeCommand.SwitchModule("module-ai", IsEnabled: false);
        Assert.Equal([FaultCodes.CoreModuleProtected, FaultCodes.DependentModulesExist, FaultCodes.DependentModulesExist], await RefusedAsync(engine, ScopeId.System, disable));
        Assert.Equal<string[]>(["module-chat", "module-kb"], [.. (await AcceptedAsync(engine, ScopeId.System, disable, r => r with { Force = true })).Broke]);
        Assert.False(Read(engine, ScopeId.System, "module-kb").IsAvailable);
    }

    [Fact]
    [Requirement("A9")]
    public async Task Dependency_cycle_is_refused_even_when_forced()
    {
        var engine = await StartAsync(new MemoryScopeStore());
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.RegisterModule(Module("module-a")));
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.RegisterModule(Module("module-b", "module-a")));
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.RegisterModule(Module("module-c", "module-b")));
        Assert.Contains(FaultCodes.DependencyCycle, await RefusedAsync(engine, ScopeId.System, new ScopeCommand.PutModule(Module("module-a", "module-c")), r => r with { Force = true }));
    }

    [Fact]
    [Requirement("A25")]
    public async Task Removed_module_keeps_its_name_and_can_be_restored()
    {
        var (engine, _) = await StartWithScopesAsync();
        await AcceptedAsync(engine, Support, Override("module-kb", """{"configOverrides":{"limit":3}}"""));
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.RemoveModule("module-kb"));
        Assert.True(engine.TryRead(Support, out var without) && without.Map.Count == 0);
        Assert.Equal([FaultCodes.ModuleExists], await RefusedAsync(engine, ScopeId.System, new ScopeCommand.RegisterModule(Module("module-kb"))));
        Assert.Equal([FaultCodes.ModuleNotFound], await RefusedAsync(engine, Support, Override("module-kb", "{}")));
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.Restore(1, "module-kb"));
        Assert.Equal("""{"limit":3}""", Read(engine, Support, "module-kb").Config.ToString());
    }
}
