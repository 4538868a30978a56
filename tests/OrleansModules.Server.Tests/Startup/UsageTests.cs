using OrleansModules.Server.Tests.Http;
using OrleansModules.Server.Tests.Processes;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Server.Tests.Startup;

/// <summary>Usage in a server of its own process: written behind requests, when it stops, and summed up by itself.</summary>
[Requirement("K1")]
public sealed class UsageTests
{
    private const string Events = """{"events":[{"module":"kb","workspaceId":"w1","actor":"ann"},{"module":"kb","workspaceId":"w1","actor":"bob","quantity":4}]}""";

    [Fact]
    public async Task Usage_with_the_journal_is_summed_up_by_itself_and_outlives_a_graceful_stop()
    {
        using var directory = new TempDirectory();
        await ReportStopAndReadAsync(ServerSetup.In(directory));
    }

    [Fact]
    public async Task Usage_with_postgresql_is_summed_up_by_itself_and_outlives_a_graceful_stop()
    {
        using var directory = new TempDirectory();
        await using var database = await TestDatabase.CreateAsync(empty: true);
        await ReportStopAndReadAsync(
            ServerSetup.In(directory).With("Modules__Access__TokenKey", "key-of-the-tests-key-of-the-tests").With("ConnectionStrings__Modules", database.ConnectionString));

        Assert.False(Directory.Exists(directory.Data)); // the audit trail too is in the database
        Assert.True(await database.ScalarAsync<long>("select count(*) from mgmt_log_audit where outcome = 'done' and action = 'change-modules' and target is null") >= 1);
    }

    [Fact]
    public async Task Settings_of_usage_out_of_range_are_refused()
    {
        using var directory = new TempDirectory();
        var line = (await ServerProcess.RunAsync(ServerSetup.In(directory).With("Modules__Usage__Capacity", "0").With("Modules__Usage__RollUpInterval", "2.00:00:00"))).AssertCannotStart();
        Assert.Contains("Capacity", line, StringComparison.Ordinal);
        Assert.Contains("RollUpInterval", line, StringComparison.Ordinal);
    }

    private static async Task ReportStopAndReadAsync(ServerSetup setup)
    {
        await using (var server = await ServerProcess.StartAsync(setup))
        {
            (await server.Client.PostAsync("/modules", """{"name":"kb"}""")).Is(201);
            (await server.Client.PutAsync("/orgs/acme", "{}")).Is(201);
            (await server.Client.PutAsync("/workspaces/w1", """{"orgId":"acme"}""")).Is(201);
            Assert.Equal(2, (await server.Client.PostAsync("/usage", Events)).Is(202).Body.GetProperty("accepted").GetInt32());
            Assert.Equal(0, (await server.StopAsync()).Code);
        }

        await using var again = await ServerProcess.StartAsync(setup.With("Modules__Usage__RollUpInterval", "00:00:01"));
        (await again.Client.PostAsync("/usage", Events)).Is(202);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Answer answer;
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            answer = (await again.Client.GetAsync("/orgs/acme/usage")).Is(200);
        }
        while (answer.Body.GetProperty("usage").EnumerateArray().Sum(u => u.GetProperty("events").GetInt64()) < 4);

        Assert.Equal(10, answer.Body.GetProperty("usage").EnumerateArray().Sum(u => u.GetProperty("quantity").GetInt64()));
    }
}
