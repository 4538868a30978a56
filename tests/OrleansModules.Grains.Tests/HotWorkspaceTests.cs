using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;
using OrleansModules.Engines.Conformance;
using OrleansModules.Grains.Tests.Hosting;

namespace OrleansModules.Grains.Tests;

/// <summary>Silos that hold few workspaces of many.</summary>
public sealed class HotWorkspaceTests : IAsyncLifetime, IAsyncDisposable
{
    private const int Hot = 8;
    private const int Workspaces = 40;

    private readonly TestSilos _silos = new() { HoldAll = false, HotWorkspaces = Hot, ActivateOnRead = true };
    private readonly MemoryScopeStore _store = new();

    public async Task InitializeAsync()
    {
        await _silos.InitializeAsync();
        await _silos.UseAsync(_store);
        await ChangeAsync(0, ScopeId.Org("acme"), new ScopeCommand.PutScope("Acme", null));
        await Task.WhenAll(Enumerable.Range(0, Workspaces).Select(i => ChangeAsync(i % 3, Workspace(i), new ScopeCommand.PutScope($"W{i}", "acme"))));
    }

    Task IAsyncLifetime.DisposeAsync() => _silos.DisposeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static ScopeId Workspace(int number) => ScopeId.Workspace($"w{number}");

    private async Task<ChangeRecord> ChangeAsync(int silo, ScopeId scope, ScopeCommand command) =>
        Assert.IsType<ChangeAnswer.Accepted>(await _silos.Engine(silo).ChangeAsync(new ChangeRequest { Scope = scope, Command = command, Actor = "tester" }, default)).Record;

    private async Task<MapVersion> ReadAsync(int silo, ScopeId scope)
    {
        var answer = await _silos.Engine(silo).ReadAsync(scope, null, TimeSpan.Zero, default);
        Assert.Equal(ReadStatus.Found, answer.Status);
        return answer.View.Version;
    }

    [Fact]
    [Invariant("I7")]
    public async Task Workspaces_beyond_the_limit_go_and_come_back_and_no_version_goes_back_while_they_change()
    {
        using var stop = new CancellationTokenSource();
        var written = new long[Workspaces];
        var writer = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                written[i % Workspaces] = (await ChangeAsync(i % 3, Workspace(i % Workspaces), new ScopeCommand.PutScope($"renamed {i}", "acme"))).Revision;
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 3).Select(silo => Task.Run(async () =>
        {
            var seen = new Dictionary<ScopeId, MapVersion>();
            for (var i = 0; i < 20 * Workspaces; i++)
            {
                var scope = Workspace((i * 7) % Workspaces);
                var version = await ReadAsync(silo, scope);
                Assert.True(!seen.TryGetValue(scope, out var before) || version.IsAtLeast(before), $"Silo {silo} answered {before} of {scope}, then {version}");
                seen[scope] = version;
            }
        })));
        await stop.CancelAsync();
        await writer;

        Assert.All(Enumerable.Range(0, 3), silo => Assert.InRange(_silos.Get<ModuleTree>(silo).WorkspaceCount, 1, Hot + 8)); // those being changed stay
        Assert.All(Enumerable.Range(0, 3), silo => Assert.True(_silos.Get<HotLimit>(silo).Evicted > Workspaces));
        for (var i = 0; i < Workspaces; i++)
        {
            Assert.True((await ReadAsync(i % 3, Workspace(i))).Workspace >= written[i]);
        }
    }

    [Fact]
    public async Task Watched_workspace_stays_and_its_watch_is_told()
    {
        await ReadAsync(1, Workspace(0));
        using var watch = _silos.Engine(1).Watch(Workspace(0));
        await ReadAsync(1, Workspace(0));
        for (var i = 1; i < Workspaces; i++)
        {
            await ReadAsync(1, Workspace(i));
        }

        Assert.True(_silos.Engine(1).TryRead(Workspace(0), out _));
        var written = await ChangeAsync(0, Workspace(0), new ScopeCommand.PutScope("Renamed", "acme"));
        while (!(_silos.Engine(1).TryRead(Workspace(0), out var view) && view.Version.Workspace >= written.Revision))
        {
            Assert.True(await watch.WaitAsync(TimeSpan.FromSeconds(30), default));
        }
    }

    [Fact]
    public async Task Read_makes_the_grain_active_where_that_is_wanted()
    {
        // All grains that the changes made active go first.
        var management = _silos.Get<IGrainFactory>(0).GetGrain<IManagementGrain>(0);
        await management.ForceActivationCollection(TimeSpan.Zero);
        await Eventually.TrueAsync(async () => await CountAsync() == 0);
        await ReadAsync(2, Workspace(3));
        await Eventually.TrueAsync(async () => await CountAsync() == 1);

        async Task<int> CountAsync() => (await management.GetDetailedGrainStatistics()).Count(g => g.GrainId.Type.ToString() == "modules-workspace");
    }
}
