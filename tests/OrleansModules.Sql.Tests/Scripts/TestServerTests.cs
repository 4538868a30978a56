namespace OrleansModules.Sql.Tests.Scripts;

public sealed class TestServerTests
{
    [Fact]
    public async Task Server_stopped_as_in_a_crash_keeps_what_was_committed_and_starts_again_on_the_same_port()
    {
        using var server = PostgresServer.Start();
        await using var database = await TestDatabase.CreateAsync(server, empty: true);
        await database.ExecuteAsync("create table kept (n int); insert into kept values (7)");

        server.Stop(immediate: true);
        NpgsqlConnection.ClearAllPools();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => database.ScalarAsync<int>("select n from kept"));
        server.StartAgain();
        NpgsqlConnection.ClearAllPools();

        Assert.Equal(7, await database.ScalarAsync<int>("select n from kept"));
        Assert.Contains("database system was not properly shut down", server.Log, StringComparison.Ordinal);
    }
}
