using OrleansModules.Server.Tests.Processes;
using Xunit.Abstractions;

namespace OrleansModules.Server.Tests.Crash;

public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    [Requirement("L7", "An acknowledged change is durable and is never lost")]
    public Task Server_killed_under_concurrent_writes_keeps_every_acknowledged_change_once() => RunAsync(12, new Random(), setup => setup);

    [Fact]
    [Requirement("L7", "An acknowledged change is durable and is never lost")]
    public Task Server_killed_while_files_and_snapshots_change_keeps_every_acknowledged_change_once() => RunAsync(
        8, new Random(), setup => setup.With("Modules__Journal__SegmentBytes", "8192").With("Modules__Journal__SnapshotEveryBytes", "4096"));

    private async Task RunAsync(int rounds, Random random, Func<ServerSetup, ServerSetup> configure)
    {
        using var directory = new TempDirectory();
        var setup = configure(ServerSetup.In(directory));
        var workload = new CrashWorkload();
        var audit = new JournalAudit(workload);
        IReadOnlyList<SentChange> open = [];
        for (var round = 1; round <= rounds + 1; round++)
        {
            if (round % 4 == 0)
            {
                await ServerProcess.KillWhileStartingAsync(setup);
            }

            await using var server = await ServerProcess.StartAsync(setup);
            if (round == 1)
            {
                await CrashWorkload.CreateScopesAsync(server.Client);
            }

            await audit.CheckAsync(server.Client);
            await RetryAsync(server, open);
            var changes = await audit.CheckAsync(server.Client);
            var acknowledgements = random.Next(1, 60);
            output.WriteLine($"Round {round}: {changes} changes, {open.Count(c => c.Receipt is not null)} of {open.Count} retried; killed after {acknowledgements} more.");
            if (round <= rounds)
            {
                open = await workload.WriteUntilEndedAsync(server, acknowledgements, server.Kill, round);
            }
        }
    }

    /// <summary>Asks again for every other change whose answer was lost: it becomes one change, however often it is asked for.</summary>
    private static async Task RetryAsync(ServerProcess server, IReadOnlyList<SentChange> open)
    {
        foreach (var change in open.Where((_, i) => i % 2 == 0))
        {
            Assert.True(await CrashWorkload.TrySendAsync(server.Client, change));
            var again = (await CrashWorkload.SendAsync(server.Client, change)).Is(200);
            Assert.True(again.IsReplay);
            Assert.Equal(change.Receipt, new Receipt(again.Revision, again.Body.GetProperty("position").GetInt64()));
        }
    }
}
