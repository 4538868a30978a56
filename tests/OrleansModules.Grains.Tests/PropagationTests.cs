using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Engines.Conformance;
using OrleansModules.Grains.Tests.Hosting;

namespace OrleansModules.Grains.Tests;

/// <summary>What is changed through one silo is read on the others.</summary>
public sealed class PropagationTests(TestSilos silos) : IClassFixture<TestSilos>, IAsyncDisposable
{
    private static readonly ScopeId Acme = ScopeId.Org("acme");
    private static readonly ScopeId Support = ScopeId.Workspace("support");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MemoryScopeStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task<ChangeRecord> ChangeAsync(int silo, ScopeId scope, ScopeCommand command, string? operation = null) =>
        Assert.IsType<ChangeAnswer.Accepted>(await silos.Engine(silo).ChangeAsync(
            new ChangeRequest { Scope = scope, Command = command, Actor = "tester", OperationId = operation, Fingerprint = operation }, default)).Record;

    private async Task StartAsync()
    {
        await silos.UseAsync(_store);
        await ChangeAsync(0, ScopeId.System, new ScopeCommand.RegisterModule(new ModuleDefinition { Name = "kb", DisplayName = "kb" }));
        await ChangeAsync(1, Acme, new ScopeCommand.PutScope("Acme", null));
        await ChangeAsync(2, Support, new ScopeCommand.PutScope("Support", "acme"));
    }

    private static ScopeCommand Limit(int limit) => new ScopeCommand.PutOverride("kb", JsonObjectValue.Parse($$$"""{"configOverrides":{"limit":{{{limit}}}}}"""));

    [Fact]
    [Invariant("I8")]
    public async Task Write_on_one_silo_is_read_on_every_other_with_its_version()
    {
        await StartAsync();
        for (var round = 1; round <= 30; round++)
        {
            var written = await ChangeAsync(round % 3, round % 2 == 0 ? Acme : Support, Limit(round));
            foreach (var silo in Enumerable.Range(0, 3))
            {
                var answer = await silos.Engine(silo).ReadAsync(Support, written.Version, Patience, default);
                Assert.Equal(ReadStatus.Found, answer.Status);
                Assert.True(answer.View.Version.IsAtLeast(written.Version with { Kind = ScopeKind.Workspace }));
            }
        }
    }

    [Fact]
    [Invariant("I10")]
    public async Task Push_alone_brings_a_change_to_every_silo()
    {
        await StartAsync();
        await Eventually.TrueAsync(() => Enumerable.Range(0, 3).All(s => silos.Get<Replica>(s).Position == 3));
        var reads = _store.FeedReads;
        for (var change = 1; change <= 5; change++)
        {
            await ChangeAsync(0, ScopeId.System, new ScopeCommand.SwitchModule("kb", IsEnabled: change % 2 == 0));
            await Eventually.TrueAsync(() => Enumerable.Range(0, 3).All(s => silos.Engine(s).TryRead(Support, out var view) && view.Version.System == 1 + change));
            await Eventually.TrueAsync(() => Enumerable.Range(0, 3).All(s => silos.Get<Replica>(s).Position == 3 + change));
        }

        Assert.InRange(_store.FeedReads - reads, 0, 4); // the membership may have been looked at in between
    }

    [Fact]
    [Invariant("I8")]
    public async Task Workspaces_are_created_changed_and_deleted_through_any_silos_as_if_there_were_one()
    {
        await StartAsync();
        for (var round = 0; round < 100; round++)
        {
            // Created by the organization's grain, deleted by its own: what one did the other knows at once.
            var workspace = ScopeId.Workspace($"w{round}");
            Assert.Equal(1, (await ChangeAsync(round % 3, workspace, new ScopeCommand.PutScope("Short", "acme"))).Revision);
            Assert.Equal(2, (await ChangeAsync((round + 1) % 3, workspace, new ScopeCommand.PutScope("Lived", "acme"))).Revision);
            Assert.Equal(3, (await ChangeAsync(round % 3, workspace, new ScopeCommand.DeleteScope())).Revision);
            Assert.Equal(4, (await ChangeAsync(round % 3, workspace, new ScopeCommand.PutScope("Short", "acme"))).Revision);
        }
    }

    [Fact]
    [Invariant("I5")]
    public async Task One_operation_sent_through_all_silos_at_once_is_one_change()
    {
        await StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => ChangeAsync(i % 3, Support, Limit(7), "once"))));
        Assert.Single(answers.Select(a => a.Revision).Distinct());
        Assert.Single(_store.Committed, r => r.OperationId == "once");
    }

    [Fact]
    [Invariant("I3")]
    [Invariant("I7")]
    public async Task Concurrent_writes_through_all_silos_are_serial_and_no_reader_sees_one_go_back()
    {
        await StartAsync();
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(silo => Task.Run(() =>
        {
            silos.Engine(silo).TryRead(Support, out var last);
            while (!stop.IsCancellationRequested)
            {
                silos.Engine(silo).TryRead(Support, out var view);
                Assert.True(view.Version.IsAtLeast(last.Version), $"{last.Version} then {view.Version}");
                last = view;
            }
        })).ToList();
        await Task.WhenAll(Enumerable.Range(0, 90).Select(i => Task.Run(() => ChangeAsync(i % 3, (i % 5) switch { 0 => Acme, _ => Support }, Limit(i)))));
        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.All(_store.Committed.GroupBy(r => r.Scope), scope => Assert.Equal(Enumerable.Range(1, scope.Count()).Select(r => (long)r), scope.Select(r => r.Revision)));
        await Eventually.TrueAsync(() => Enumerable.Range(0, 3).All(s => silos.Get<Replica>(s).Position == _store.Committed.Count));
    }

    [Theory]
    [Invariant("I6")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_changes_that_expect_the_same_revision_one_is_made(bool withActivationsOnEverySilo)
    {
        await StartAsync();
        await Eventually.TrueAsync(() => Enumerable.Range(0, 3).All(s => silos.Get<Replica>(s).Position == 3));
        for (var revision = 1; revision <= 20; revision++)
        {
            var expected = revision;
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
            {
                var request = new ChangeRequest { Scope = Support, Command = Limit((expected * 10) + i), Actor = "tester", IfRevision = expected };
                return withActivationsOnEverySilo
                    ? await silos.Get<NodeServices>(i % 3).Owner.ChangeAsync(request, default) // what an activation there would do
                    : await silos.Engine(i % 3).ChangeAsync(request, default);
            })));
            Assert.Equal(expected + 1, Assert.Single(answers.OfType<ChangeAnswer.Accepted>()).Record.Revision);
            Assert.All(answers.OfType<ChangeAnswer.Refused>(), a => Assert.Equal(FaultCodes.RevisionMismatch, Assert.Single(a.Faults).Code));
        }
    }

    [Fact]
    [Invariant("I18")]
    public async Task Ids_that_look_alike_never_share_state()
    {
        await silos.UseAsync(_store);
        string[] ids = ["a", "A", "0a", "00a", "0A", "1", "01", "20235", "020235", "7e57ab1e-0000-4000-8000-000000000000", "7E57AB1E-0000-4000-8000-000000000000", "7e57ab1e00004000800000000000000", "system", "org", "workspace"];
        foreach (var id in ids)
        {
            await ChangeAsync(0, ScopeId.Org(id), new ScopeCommand.PutScope($"org {id}", null));
            await ChangeAsync(1, ScopeId.Workspace(id), new ScopeCommand.PutScope($"workspace {id}", id));
        }

        await Eventually.TrueAsync(() => silos.Get<Replica>(2).Position == _store.Committed.Count);
        foreach (var id in ids)
        {
            foreach (var (scope, name) in new[] { (ScopeId.Org(id), $"org {id}"), (ScopeId.Workspace(id), $"workspace {id}") })
            {
                var layer = Assert.IsType<Core.Cascade.ScopeLayer>(await silos.Engine(2).ReadLayerAsync(scope, default));
                Assert.Equal((1, name), (layer.Revision, layer.Name));
            }
        }
    }

    [Fact]
    [Invariant("I6")]
    public async Task Change_made_beside_the_grain_makes_it_decide_again()
    {
        await StartAsync();
        var layer = await silos.Engine(2).ReadLayerAsync(Support, default);
        var beside = new ChangeRecord { Scope = Support, Revision = 2, Kind = ChangeKind.ScopeUpdated, Version = new MapVersion(ScopeKind.Workspace, 1, 1, 2), At = DateTime.UnixEpoch, Actor = "psql", Properties = new("Renamed", "acme", IsDeleted: false, null) };
        Assert.IsType<AppendResult.Committed>(await _store.AppendAsync(beside, LayerFold.Apply(layer, beside), default));
        Assert.Equal(3, (await ChangeAsync(1, Support, Limit(1))).Revision);
        Assert.Equal("Renamed", ((Core.Cascade.ScopeLayer)(await silos.Engine(1).ReadLayerAsync(Support, default))!).Name);
    }

    [Fact]
    public async Task Silos_report_how_far_they_are()
    {
        await StartAsync();
        await Eventually.TrueAsync(() => Enumerable.Range(0, 3).All(s => silos.Get<Replica>(s).Position == 3));
        var report = await silos.Get<ClusterReads>(0).SilosAsync();
        Assert.Equal(3, report.Count);
        Assert.All(report, s => Assert.Equal(("Active", 3, 1), (s.Membership, s.Status!.Position, s.Status.Workspaces)));
    }
}
