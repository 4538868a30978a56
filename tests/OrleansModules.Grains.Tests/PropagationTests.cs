using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
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
        await ChangeAsync(0, ScopeId.System, new ScopeCommand.SwitchModule("kb", IsEnabled: false));
        await Eventually.TrueAsync(() => Enumerable.Range(0, 3).All(s => silos.Engine(s).TryRead(Support, out var view) && view.Version.System == 2));
        await Eventually.TrueAsync(() => Enumerable.Range(0, 3).All(s => silos.Get<Replica>(s).Position == 4));
        Assert.Equal(reads, _store.FeedReads);
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
