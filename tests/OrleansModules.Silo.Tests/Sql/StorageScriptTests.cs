using OrleansModules.Testing.Postgres;

namespace OrleansModules.Silo.Tests.Sql;

/// <summary>The statements that Orleans' storage provider runs: what it does not guard against itself, the tables do.</summary>
public sealed class StorageScriptTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private Task<int> WriteAsync(string key, int? version) => database.ScalarAsync<int>(
        $"select mgmt_cluster_write_state('service', 'state', 0, 0, '{key}', {version?.ToString() ?? "null"}, 'x')");

    private Task<int> VersionAsync(string key) => database.ScalarAsync<int>($"select version from mgmt_cluster_states where key_text = '{key}'");

    [Fact]
    public async Task First_writes_that_race_make_one_row_and_one_winner()
    {
        for (var round = 0; round < 10; round++)
        {
            var key = $"race-{round}";
            var versions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => WriteAsync(key, null))));
            Assert.Single(versions, v => v == 1); // the others get nothing, which the provider takes for a lost race
            Assert.Equal(1L, await database.ScalarAsync<long>($"select count(*) from mgmt_cluster_states where key_text = '{key}'"));
        }
    }

    [Fact]
    public async Task Write_on_another_version_changes_nothing_and_answers_the_version_given()
    {
        Assert.Equal(1, await WriteAsync("org:a", null));
        Assert.Equal(2, await WriteAsync("org:a", 1));
        Assert.Equal(1, await WriteAsync("org:a", 1));
        Assert.Equal(2, await VersionAsync("org:a"));
    }

    [Fact]
    [Invariant("I18")]
    public async Task Keys_that_differ_only_by_case_are_two_states()
    {
        Assert.Equal(1, await WriteAsync("org:b", null));
        Assert.Equal(1, await WriteAsync("org:B", null));
    }

    [Fact]
    public async Task Clear_moves_the_version_and_the_time()
    {
        await WriteAsync("org:c", null);
        await database.ExecuteAsync("update mgmt_cluster_states set changed_at = '2000-01-01' where key_text = 'org:c'");
        await database.ExecuteAsync("update mgmt_cluster_states set payload = null, version = version + 1, changed_at = now() where key_text = 'org:c' and version = 1");
        Assert.Equal(2, await VersionAsync("org:c"));
        Assert.True(await database.ScalarAsync<bool>("select changed_at > '2020-01-01' from mgmt_cluster_states where key_text = 'org:c'"));
    }
}
