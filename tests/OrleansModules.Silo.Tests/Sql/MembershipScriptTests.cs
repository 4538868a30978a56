using OrleansModules.Testing.Postgres;

namespace OrleansModules.Silo.Tests.Sql;

/// <summary>The statements that Orleans' membership provider runs, as it runs them.</summary>
public sealed class MembershipScriptTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private Task<bool> JoinAsync(string cluster, int port, int version) => database.ScalarAsync<bool>(
        $"select mgmt_cluster_join('{cluster}', '127.0.0.1', {port}, 1, 'silo', 'host', 2, 0, now(), now(), {version})");

    private Task<bool> UpdateAsync(string cluster, int port, int version) => database.ScalarAsync<bool>(
        $"select mgmt_cluster_update('{cluster}', '127.0.0.1', {port}, 1, 3, null, now(), {version})");

    private Task<int> VersionAsync(string cluster) => database.ScalarAsync<int>($"select version from mgmt_cluster_members_version where cluster_id = '{cluster}'");

    [Fact]
    public async Task Cluster_begins_once()
    {
        Assert.True(await database.ScalarAsync<bool>("select mgmt_cluster_begin('once')"));
        Assert.False(await database.ScalarAsync<bool>("select mgmt_cluster_begin('once')"));
    }

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task Change_that_expects_another_version_leaves_nothing_behind_whatever_the_server_thinks_of_assertions(string asserts)
    {
        var cluster = $"stale-{asserts}";
        await database.ExecuteAsync($"set plpgsql.check_asserts = {asserts}; select mgmt_cluster_begin('{cluster}')");
        Assert.True(await JoinAsync(cluster, 1, 0));
        Assert.False(await JoinAsync(cluster, 2, 0));
        Assert.False(await JoinAsync(cluster, 1, 1)); // is there already
        Assert.False(await UpdateAsync(cluster, 1, 0));
        Assert.False(await UpdateAsync(cluster, 9, 1)); // is not there
        Assert.Equal(1, await VersionAsync(cluster));
        Assert.Equal(1L, await database.ScalarAsync<long>($"select count(*) from mgmt_cluster_silos where cluster_id = '{cluster}'"));
        Assert.True(await UpdateAsync(cluster, 1, 1));
        Assert.Equal(2, await VersionAsync(cluster));
    }

    [Fact]
    public async Task Changes_that_race_on_one_version_let_one_through()
    {
        await database.ExecuteAsync("select mgmt_cluster_begin('race')");
        var joined = await Task.WhenAll(Enumerable.Range(1, 12).Select(port => Task.Run(() => JoinAsync("race", port, 0))));
        Assert.Single(joined, j => j);
        Assert.Equal(1, await VersionAsync("race"));
    }

    [Fact]
    public async Task Every_statement_the_providers_ask_for_is_there()
    {
        string[] wanted =
        [
            "GatewaysQueryKey", "MembershipReadRowKey", "MembershipReadAllKey", "InsertMembershipVersionKey", "UpdateIAmAlivetimeKey", "InsertMembershipKey", "UpdateMembershipKey",
            "DeleteMembershipTableEntriesKey", "CleanupDefunctSiloEntriesKey", "WriteToStorageKey", "ReadFromStorageKey", "ClearStorageKey", "DeleteStorageKey",
            "ReadReminderRowsKey", "ReadRangeRows1Key", "ReadRangeRows2Key", "ReadReminderRowKey", "UpsertReminderRowKey", "DeleteReminderRowKey", "DeleteReminderRowsKey",
        ];
        var found = await database.ScalarAsync<string[]>("select array_agg(querykey) from orleansquery");
        Assert.Equal(wanted.Order(StringComparer.Ordinal), found!.Order(StringComparer.Ordinal));
    }
}
