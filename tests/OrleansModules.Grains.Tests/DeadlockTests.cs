using Orleans.Core.Internal;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Engines.Conformance;
using OrleansModules.Grains.Contracts;
using OrleansModules.Grains.Tests.Hosting;

namespace OrleansModules.Grains.Tests;

/// <summary>Grains that come, go and move while they are called wait for each other upward only.</summary>
public sealed class DeadlockTests(TestSilos silos) : IClassFixture<TestSilos>, IAsyncDisposable
{
    private const int Clients = 6;
    private const int Calls = 250;

    private readonly MemoryScopeStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    [Invariant("I16")]
    public async Task Changes_reads_deactivations_and_migrations_at_random_all_end_within_the_response_timeout()
    {
        await silos.UseAsync(_store);
        await ChangeAsync(new Random(0), ScopeId.System, new ScopeCommand.RegisterModule(new ModuleDefinition { Name = "kb", DisplayName = "kb" }), "first");
        var longest = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => RunAsync(client))));
        Assert.True(silos.Moves > 0, "No grain was moved.");
        Assert.True(longest.Max() < TestSilos.ResponseTimeout, $"A call took {longest.Max()}.");
        Assert.All(_store.Committed.GroupBy(r => r.Scope), scope => Assert.Equal(Enumerable.Range(1, scope.Count()).Select(r => (long)r), scope.Select(r => r.Revision)));
    }

    private async Task<TimeSpan> RunAsync(int client)
    {
        var random = new Random(client);
        var longest = TimeSpan.Zero;
        for (var i = 0; i < Calls; i++)
        {
            var started = TimeProvider.System.GetTimestamp();
            await CallAsync(random, $"call-{client}-{i}"); // a call that is given up throws
            var took = TimeProvider.System.GetElapsedTime(started);
            longest = took > longest ? took : longest;
        }

        return longest;
    }

    private Task CallAsync(Random random, string operation)
    {
        var org = $"o{random.Next(2)}";
        var (orgScope, workspace) = (ScopeId.Org(org), ScopeId.Workspace($"{org}-{random.Next(4)}"));
        var some = random.Next(3) switch { 0 => ScopeId.System, 1 => orgScope, _ => workspace };
        return random.Next(10) switch
        {
            0 => ChangeAsync(random, orgScope, new ScopeCommand.PutScope(operation, null), operation),
            1 or 2 => ChangeAsync(random, workspace, new ScopeCommand.PutScope(operation, org), operation),
            3 => ChangeAsync(random, random.Next(4) == 0 ? orgScope : workspace, new ScopeCommand.DeleteScope(), operation),
            4 => ChangeAsync(random, ScopeId.System, new ScopeCommand.SwitchModule("kb", random.Next(2) == 0), operation),
            5 or 6 => ChangeAsync(random, some.Kind == ScopeKind.System ? workspace : some, new ScopeCommand.PutOverride("kb", JsonObjectValue.Parse($$$"""{"configOverrides":{"by":"{{{operation}}}"}}""")), operation),
            7 => AskAsync(Grain(random, some).Read().AsTask()),
            8 => AskAsync(Grain(random, some).AsReference<IGrainManagementExtension>().DeactivateOnIdle().AsTask()),
            _ => AskAsync(Grain(random, some).AsReference<IGrainManagementExtension>().MigrateOnIdle().AsTask()),
        };
    }

    /// <summary>Waits for a call that nobody sends again. One that meets a grain on its way may be turned away, which is an answer too.</summary>
    private static async Task AskAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (OrleansMessageRejectionException)
        {
            // Turned away.
        }
    }

    /// <summary>Changes a scope through any silo. Refusals are as good as any answer.</summary>
    private Task ChangeAsync(Random random, ScopeId scope, ScopeCommand command, string operation) => silos.Engine(random.Next(silos.Count)).ChangeAsync(
        new ChangeRequest { Scope = scope, Command = command, Actor = "tester", OperationId = operation, Fingerprint = operation }, default).AsTask();

    private IScopeGrain Grain(Random random, ScopeId scope)
    {
        var grains = silos.Get<IGrainFactory>(random.Next(silos.Count));
        return scope.Kind switch
        {
            ScopeKind.System => grains.GetGrain<ISystemGrain>(scope.ToString()),
            ScopeKind.Org => grains.GetGrain<IOrgGrain>(scope.ToString()),
            _ => grains.GetGrain<IWorkspaceGrain>(scope.ToString()),
        };
    }
}
