using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;
using OrleansModules.Engines.Conformance;
using OrleansModules.Grains.Tests.Hosting;

namespace OrleansModules.Grains.Tests;

/// <summary>Silos that hold only what was asked of them.</summary>
public sealed class LazySiloTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly ScopeId Acme = ScopeId.Org("acme");

    private readonly TestSilos _silos = new() { HoldAll = false };
    private readonly MemoryScopeStore _store = new();

    public async Task InitializeAsync()
    {
        await _silos.InitializeAsync();
        await _silos.UseAsync(_store);
    }

    Task IAsyncLifetime.DisposeAsync() => _silos.DisposeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task<ChangeRecord> ChangeAsync(int silo, ScopeId scope, ScopeCommand command) =>
        Assert.IsType<ChangeAnswer.Accepted>(await _silos.Engine(silo).ChangeAsync(new ChangeRequest { Scope = scope, Command = command, Actor = "tester" }, default)).Record;

    [Fact]
    [Invariant("I12")]
    public async Task Scope_is_loaded_when_it_is_asked_for_and_then_kept_up_to_date()
    {
        var one = ScopeId.Workspace("one");
        await ChangeAsync(0, Acme, new ScopeCommand.PutScope("Acme", null));
        await ChangeAsync(0, one, new ScopeCommand.PutScope("One", "acme"));
        _silos.Get<Core.Replication.Replica>(1).Evict(one); // where the grains were placed there
        Assert.False(_silos.Engine(1).TryRead(one, out _));
        var first = await _silos.Engine(1).ReadAsync(one, null, TimeSpan.Zero, default);
        Assert.Equal((ReadStatus.Found, 1), (first.Status, first.View.Version.Workspace));

        var written = await ChangeAsync(0, one, new ScopeCommand.PutScope("Renamed", null));
        await Eventually.TrueAsync(() => _silos.Engine(1).TryRead(one, out var view) && view.Version.IsAtLeast(written.Version));
    }

    [Fact]
    public async Task Scope_that_is_not_there_is_asked_for_once_and_seen_as_soon_as_it_is_made()
    {
        var late = ScopeId.Workspace("late");
        await ChangeAsync(0, Acme, new ScopeCommand.PutScope("Acme", null));
        Assert.Equal(ReadStatus.NotFound, (await _silos.Engine(1).ReadAsync(late, null, TimeSpan.Zero, default)).Status);
        var written = await ChangeAsync(2, late, new ScopeCommand.PutScope("Late", "acme"));
        await Eventually.TrueAsync(() => _silos.Get<Core.Replication.Replica>(1).Position >= written.Position);
        Assert.Equal(ReadStatus.Found, (await _silos.Engine(1).ReadAsync(late, written.Version, TimeSpan.FromSeconds(10), default)).Status);
    }

    [Fact]
    public async Task Many_scopes_asked_for_at_once_are_all_read()
    {
        await ChangeAsync(0, Acme, new ScopeCommand.PutScope("Acme", null));
        var ids = Enumerable.Range(0, 40).Select(i => ScopeId.Workspace($"w{i}")).ToList();
        foreach (var id in ids)
        {
            await ChangeAsync(0, id, new ScopeCommand.PutScope(null, "acme"));
        }

        await _silos.UseAsync(_store);
        var reads = await Task.WhenAll(ids.Concat(ids).Select(id => Task.Run(() => _silos.Engine(1).ReadAsync(id, null, TimeSpan.Zero, default).AsTask())));
        Assert.All(reads, r => Assert.Equal(ReadStatus.Found, r.Status));
        Assert.Equal(40, _silos.Get<ModuleTree>(1).WorkspaceCount);
    }
}
