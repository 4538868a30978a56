using OrleansModules.Server.Tests.Processes;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Server.Tests.Startup;

public sealed class PostgresStartTests
{
    private const string Connection = "ConnectionStrings__Modules";

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=nobody", "PostgreSQL cannot be reached")]
    [InlineData("Color=blue", "connection string")]
    public async Task Start_without_its_database_is_refused_in_one_line(string connection, string says)
    {
        using var directory = new TempDirectory();
        var line = (await ServerProcess.RunAsync(ServerSetup.In(directory).With("Modules__Access__TokenKey", "key-of-the-tests-key-of-the-tests").With(Connection, connection))).AssertCannotStart();
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory.Data));
    }

    [Fact]
    public async Task Server_that_may_not_migrate_starts_after_the_command_did_and_finds_what_was_written()
    {
        using var directory = new TempDirectory();
        await using var database = await TestDatabase.CreateAsync(empty: true);
        var setup = ServerSetup.In(directory).With("Modules__Access__TokenKey", "key-of-the-tests-key-of-the-tests").With(Connection, database.ConnectionString).With("Modules__Postgres__Migrate", "false");

        Assert.Contains("lacks the script 0001_scopes", (await ServerProcess.RunAsync(setup)).AssertCannotStart(), StringComparison.Ordinal);
        var migrated = await ServerProcess.RunAsync(setup with { Command = ["migrate"] });
        Assert.True(migrated.Code == 0, migrated.ToString());
        Assert.Contains($"{SqlScripts.Up.Count} script(s) applied", migrated.Output[^1], StringComparison.Ordinal);

        await using (var server = await ServerProcess.StartAsync(setup.With("Modules__Demo", "true")))
        {
            (await server.Client.PutAsync("/orgs/fresh", "{}")).Is(201);
            Assert.Equal(0, (await server.StopAsync()).Code);
        }

        await using var again = await ServerProcess.StartAsync(setup);
        (await again.Client.GetAsync("/orgs/fresh")).Is(200);
        await database.ExecuteAsync("update mgmt_cfg_orgs set name = 'By SQL' where org_id = 'fresh'");
        var answer = (await again.Client.GetAsync("/orgs/fresh/modules?atLeast=s0.o2")).Is(200);
        Assert.EndsWith(".o2", answer.Version, StringComparison.Ordinal);
    }
}
