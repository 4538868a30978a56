using OrleansModules.Core.Changes;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Testing;

namespace OrleansModules.Engines.Conformance;

public abstract partial class EngineConformance
{
    [Fact]
    [Requirement("L7")]
    public async Task Change_accepted_is_seen_by_the_next_read_with_its_revision()
    {
        var (engine, _) = await StartWithScopesAsync();
        var record = await AcceptedAsync(engine, Support, Override("module-kb", """{"configOverrides":{"limit":200}}"""));
        Assert.Equal(2, record.Revision);
        Assert.Equal(record.Version, VersionOf(engine, Support));
        Assert.Equal("""{"limit":200}""", Read(engine, Support, "module-kb").Config.ToString());
    }

    [Fact]
    [Requirement("L7")]
    public async Task Change_not_yet_durable_is_seen_by_nobody()
    {
        var (engine, store) = await StartWithScopesAsync();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.BeforeCommit = _ =>
        {
            reached.SetResult();
            return release.Task;
        };
        var change = AcceptedAsync(engine, Acme, Override("module-kb", """{"isEnabled":false}"""));
        await reached.Task.WaitAsync(Patience);
        Assert.True(Read(engine, Support, "module-kb").IsEnabled);
        release.SetResult();
        await change.WaitAsync(Patience);
        Assert.False(Read(engine, Support, "module-kb").IsEnabled);
    }

    [Theory]
    [InlineData(StoreFailure.Unavailable, false)]
    [InlineData(StoreFailure.Full, false)]
    [InlineData(StoreFailure.Unavailable, true)]
    public async Task Change_the_store_fails_changes_nothing_and_the_engine_recovers(StoreFailure failure, bool outcomeUnknown)
    {
        var (engine, store) = await StartWithScopesAsync();
        var before = VersionOf(engine, Support);
        store.Failure = new StoreException(failure, "Away.", outcomeUnknown: outcomeUnknown);
        await Assert.ThrowsAsync<StoreException>(() => ChangeAsync(engine, Support, Override("module-kb", """{"isEnabled":false}""")).AsTask());
        Assert.Equal(before, VersionOf(engine, Support));
        Assert.True(engine.Status.CanRead);
        Assert.False(engine.Status.CanChange);

        store.Failure = null;
        await AcceptedAsync(engine, Support, Override("module-kb", """{"isEnabled":false}"""));
        Assert.True(engine.Status.CanChange);
    }

    [Fact]
    [Requirement("L3")]
    public async Task Enable_under_a_disabled_parent_is_refused_and_names_the_scope_that_decides()
    {
        var (engine, _) = await StartWithScopesAsync();
        await AcceptedAsync(engine, Acme, Override("module-kb", """{"isEnabled":false}"""));
        var refused = Assert.IsType<ChangeAnswer.Refused>(await ChangeAsync(engine, Support, Override("module-kb", """{"isEnabled":true}""")));
        var fault = Assert.Single(refused.Faults);
        Assert.Equal((FaultCodes.ParentDisabled, "org/acme", "module-kb"), (fault.Code, fault.Scope, fault.Module));

        // Every other write is accepted, also on what is masked.
        await AcceptedAsync(engine, Support, Override("module-kb", """{"configOverrides":{"limit":1}}"""));
    }

    [Fact]
    [Requirement("L2")]
    public async Task Enabled_override_under_a_parent_disabled_later_is_masked_and_comes_back()
    {
        var (engine, _) = await StartWithScopesAsync();
        await AcceptedAsync(engine, Support, Override("module-kb", """{"isEnabled":true}"""));
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.SwitchModule("module-kb", IsEnabled: false));
        Assert.False(Read(engine, Support, "module-kb").IsEnabled);
        await AcceptedAsync(engine, Support, Override("module-kb", """{"isEnabled":true,"configOverrides":{"limit":2}}"""));
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.SwitchModule("module-kb", IsEnabled: true));
        Assert.True(Read(engine, Support, "module-kb").IsEnabled);
    }

    [Fact]
    public async Task Change_that_changes_nothing_spends_no_revision()
    {
        var (engine, store) = await StartWithScopesAsync();
        await AcceptedAsync(engine, Support, Override("module-kb", """{"isEnabled":false}"""));
        var count = store.Committed.Count;
        var unchanged = Assert.IsType<ChangeAnswer.Unchanged>(await ChangeAsync(engine, Support, Override("module-kb", """{"isEnabled":false}""")));
        Assert.Equal(VersionOf(engine, Support), unchanged.Version);
        Assert.Equal(count, store.Committed.Count);
    }

    [Fact]
    public async Task Concurrent_changes_on_one_revision_let_one_through()
    {
        var (engine, _) = await StartWithScopesAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
            await ChangeAsync(engine, Support, Override("module-kb", $$$"""{"configOverrides":{"limit":{{{i}}}}}"""), r => r with { IfRevision = 1 }))));
        Assert.Single(answers.OfType<ChangeAnswer.Accepted>());
        Assert.All(answers.OfType<ChangeAnswer.Refused>(), r => Assert.Equal((FaultCodes.RevisionMismatch, 2), (r.Faults[0].Code, r.CurrentVersion!.Value.Own)));
    }

    [Fact]
    public async Task Concurrent_changes_of_one_operation_id_are_one_change()
    {
        var (engine, store) = await StartWithScopesAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
            await ChangeAsync(engine, Support, Override("module-kb", """{"configOverrides":{"limit":7}}"""), r => r with { OperationId = "once", Fingerprint = "f" }))));
        Assert.Single(store.Committed, r => r.OperationId == "once");
        Assert.Single(answers.Cast<ChangeAnswer.Accepted>(), a => !a.IsReplay);
        Assert.Single(answers.Cast<ChangeAnswer.Accepted>().Select(a => a.Record.Revision).Distinct());
        Assert.Equal([FaultCodes.IdempotencyKeyReused], await RefusedAsync(engine, Support, Override("module-kb", "{}"), r => r with { OperationId = "once", Fingerprint = "other" }));
    }

    [Fact]
    public async Task Org_deleted_while_workspaces_are_created_is_never_left_with_one()
    {
        for (var round = 0; round < 20; round++)
        {
            var engine = await StartAsync(new MemoryScopeStore());
            await AcceptedAsync(engine, Acme, new ScopeCommand.PutScope(null, null));
            var create = Task.Run(async () => await ChangeAsync(engine, Support, new ScopeCommand.PutScope(null, "acme")));
            var delete = Task.Run(async () => await ChangeAsync(engine, Acme, new ScopeCommand.DeleteScope()));
            var created = await create is ChangeAnswer.Accepted;
            var deleted = await delete is ChangeAnswer.Accepted;
            Assert.True(created != deleted, $"round {round}: created {created}, deleted {deleted}");
            Assert.Equal(created, engine.TryRead(Support, out _));
        }
    }

    [Fact]
    public async Task Scope_created_again_goes_on_with_its_revision_and_only_in_its_org()
    {
        var (engine, _) = await StartWithScopesAsync();
        await AcceptedAsync(engine, Support, Override("module-kb", """{"isEnabled":false}"""));
        await AcceptedAsync(engine, Support, new ScopeCommand.DeleteScope());
        Assert.False(engine.TryRead(Support, out _));
        await AcceptedAsync(engine, ScopeId.Org("globex"), new ScopeCommand.PutScope(null, null));
        Assert.Equal([FaultCodes.WorkspaceOrgFixed], await RefusedAsync(engine, Support, new ScopeCommand.PutScope(null, "globex")));
        Assert.Equal(4, (await AcceptedAsync(engine, Support, new ScopeCommand.PutScope(null, "acme"))).Revision);
        Assert.True(Read(engine, Support, "module-kb").IsEnabled);
    }

    [Fact]
    public async Task Restore_sets_back_what_was_said_at_a_revision_by_a_new_one()
    {
        var (engine, _) = await StartWithScopesAsync();
        await AcceptedAsync(engine, Support, Override("module-kb", """{"configOverrides":{"limit":1}}"""));
        await AcceptedAsync(engine, Support, Override("module-kb", """{"configOverrides":{"limit":2}}"""));
        var record = await AcceptedAsync(engine, Support, new ScopeCommand.Restore(2, null));
        Assert.Equal((4, ChangeKind.Restored), (record.Revision, record.Kind));
        Assert.Equal("""{"limit":1}""", Read(engine, Support, "module-kb").Config.ToString());
        await AcceptedAsync(engine, Support, new ScopeCommand.Restore(1, "module-kb"));
        Assert.Equal("""{"limit":100}""", Read(engine, Support, "module-kb").Config.ToString());
        Assert.Equal([FaultCodes.RevisionNotFound], await RefusedAsync(engine, Support, new ScopeCommand.Restore(99, null)));
    }

    [Fact]
    public async Task Restart_on_the_same_store_answers_the_same()
    {
        var (engine, store) = await StartWithScopesAsync();
        await AcceptedAsync(engine, Acme, Override("module-kb", """{"featureFlagOverrides":{"ocr":true}}"""));
        var again = await StartAsync(store);
        Assert.Equal(VersionOf(engine, Support), VersionOf(again, Support));
        Assert.Equal(Read(engine, Support, "module-kb").FeatureFlags, Read(again, Support, "module-kb").FeatureFlags);
    }
}
