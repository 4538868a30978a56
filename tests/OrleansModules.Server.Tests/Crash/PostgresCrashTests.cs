using OrleansModules.Server.Tests.Processes;
using OrleansModules.Testing.Postgres;
using Xunit.Abstractions;

namespace OrleansModules.Server.Tests.Crash;

public sealed class PostgresCrashTests(ITestOutputHelper output)
{
    private const int Rounds = 8;

    [Fact]
    [Requirement("L7", "An acknowledged change is durable and is never lost")]
    public async Task Server_and_database_killed_in_turn_under_concurrent_writes_keep_every_acknowledged_change_once()
    {
        using var postgres = PostgresServer.Start();
        using var directory = new TempDirectory();
        var setup = ServerSetup.In(directory).With("Modules__Access__TokenKey", "key-of-the-tests-key-of-the-tests").With("ConnectionStrings__Modules", postgres.ConnectionString());
        var workload = new CrashWorkload();
        var audit = new JournalAudit(workload);
        var random = new Random();
        for (var round = 1; round <= Rounds + 1; round++)
        {
            await using var server = await ServerProcess.StartAsync(setup);
            if (round == 1)
            {
                await CrashWorkload.CreateScopesAsync(server.Client);
            }

            var changes = await audit.CheckAsync(server.Client);
            if (round > Rounds)
            {
                Assert.False(Directory.Exists(directory.Data)); // all of it is in the database
                return;
            }

            // In every other round the database crashes first, while the server lives on: its clients ask again until they are answered.
            var crashes = round % 2 == 0;
            var acknowledgements = random.Next(20, 120);
            output.WriteLine($"Round {round}: {changes} changes; {(crashes ? "database killed, then server" : "server killed")} after {acknowledgements} more.");
            var half = acknowledgements / 2;
            var crash = Task.CompletedTask;
            await workload.WriteUntilEndedAsync(server, crashes ? half : acknowledgements, () =>
            {
                if (!crashes)
                {
                    server.Kill();
                    return;
                }

                crash = Task.Run(() =>
                {
                    postgres.Restart(immediate: true);
                    return server.Client.PutAsync("/orgs/acme", """{"name":"Acme"}""", ("Idempotency-Key", Guid.NewGuid().ToString()));
                }).ContinueWith(_ => server.Kill(), TaskScheduler.Default);
            }, round);
            await crash;
        }
    }
}
