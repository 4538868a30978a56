using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;
using OrleansModules.Testing;

namespace OrleansModules.Engines.Conformance;

public abstract partial class EngineConformance
{
    [Fact]
    [Requirement("L8")]
    public async Task Workspace_that_says_nothing_has_the_very_map_of_the_system()
    {
        var (engine, _) = await StartWithScopesAsync();
        Assert.True(engine.TryRead(ScopeId.System, out var system));
        Assert.True(engine.TryRead(Support, out var support));
        Assert.Same(system.Map, support.Map);
    }

    [Fact]
    [Requirement("L7")]
    public async Task Read_at_least_waits_for_the_version_and_gives_up_after_its_patience()
    {
        var (engine, _) = await StartWithScopesAsync();
        var wanted = VersionOf(engine, Support) with { Workspace = 2 };
        var read = engine.ReadAsync(Support, wanted, Patience, CancellationToken.None).AsTask();
        Assert.False(read.IsCompleted);
        await AcceptedAsync(engine, Support, Override("module-kb", """{"isEnabled":false}"""));
        var answer = await read.WaitAsync(Patience);
        Assert.Equal((ReadStatus.Found, 2), (answer.Status, answer.View.Version.Workspace));

        var behind = await engine.ReadAsync(Support, wanted with { System = 99 }, TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(ReadStatus.Behind, behind.Status);
        Assert.Equal(ReadStatus.NotFound, (await engine.ReadAsync(ScopeId.Workspace("nobody"), null, TimeSpan.Zero, CancellationToken.None)).Status);
    }

    [Fact]
    [Requirement("L7")]
    public async Task Version_read_alone_is_the_one_of_the_map()
    {
        var (engine, _) = await StartWithScopesAsync();
        foreach (var scope in new[] { Support, ScopeId.Org("acme"), ScopeId.System })
        {
            await AcceptedAsync(engine, scope, scope.Kind == ScopeKind.System
                ? new Core.Changes.ScopeCommand.SwitchModule("module-kb", IsEnabled: false)
                : Override("module-kb", """{"isEnabled":false}"""));
            Assert.True(engine.TryReadVersion(Support, out var version));
            Assert.Equal(VersionOf(engine, Support), version);
        }

        Assert.False(engine.TryReadVersion(ScopeId.Workspace("nobody"), out _));
    }

    [Theory]
    [Requirement("C1")]
    [InlineData("system")]
    [InlineData("org/acme")]
    [InlineData("workspace/support")]
    public async Task Watch_of_a_workspace_is_signalled_by_every_scope_it_depends_on(string changed)
    {
        var (engine, _) = await StartWithScopesAsync();
        using var watch = engine.Watch(Support);
        var wait = watch.WaitAsync(Patience, CancellationToken.None).AsTask();
        var scope = ScopeId.Parse(changed);
        await AcceptedAsync(engine, scope, scope.Kind == ScopeKind.System
            ? new Core.Changes.ScopeCommand.SwitchModule("module-kb", IsEnabled: false)
            : Override("module-kb", """{"isEnabled":false}"""));
        Assert.True(await wait.WaitAsync(Patience));
        Assert.False(Read(engine, Support, "module-kb").IsEnabled);
    }

    [Fact]
    [Requirement("C1")]
    public async Task Watch_of_a_workspace_is_not_signalled_by_another_org()
    {
        var (engine, _) = await StartWithScopesAsync();
        await AcceptedAsync(engine, ScopeId.Org("globex"), new Core.Changes.ScopeCommand.PutScope(null, null));
        using var watch = engine.Watch(Support);
        await AcceptedAsync(engine, ScopeId.Org("globex"), Override("module-kb", """{"isEnabled":false}"""));
        Assert.False(await watch.WaitAsync(TimeSpan.Zero, CancellationToken.None));
    }

    [Fact]
    [Requirement("B28")]
    public async Task Explain_names_the_scope_revision_and_actor_of_every_value()
    {
        var (engine, _) = await StartWithScopesAsync();
        await AcceptedAsync(engine, Acme, Override("module-kb", """{"configOverrides":{"limit":200}}"""), r => r with { Actor = "alice" });
        await AcceptedAsync(engine, Acme, Override("module-kb", """{"featureFlagOverrides":{"ocr":true}}"""), r => r with { Actor = "bob" });
        var explanation = await engine.ExplainAsync(Support, "module-kb", CancellationToken.None);
        var limit = Assert.Single(explanation!.Config);
        Assert.Equal(("/limit", "200", Acme, 2, "alice"), (limit.Pointer, limit.Json, limit.DecidedBy.Scope, limit.DecidedBy.Mark.Revision, limit.DecidedBy.Mark.Actor));
        var flag = Assert.Single(explanation.FeatureFlags);
        Assert.Equal((Acme, 3, "bob"), (flag.DecidedBy.Scope, flag.DecidedBy.Mark.Revision, flag.DecidedBy.Mark.Actor));
        Assert.Null(await engine.ExplainAsync(Support, "module-none", CancellationToken.None));
        Assert.Null(await engine.ExplainAsync(ScopeId.Workspace("nobody"), "module-kb", CancellationToken.None));
    }
}
