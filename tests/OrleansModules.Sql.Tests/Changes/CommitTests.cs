namespace OrleansModules.Sql.Tests.Changes;

[Requirement("L7")]
public sealed class CommitTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.ExecuteAsync("insert into mgmt_cfg_orgs (org_id) values ('acme')");
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Batch_answers_each_change_by_itself()
    {
        var outcomes = await CommitAsync(
            Change("org/acme", 2, "one"), Change("org/acme", 3, null), Change("org/acme", 9, null), Change("org/acme", 4, "one"), Change("org/new", 1, null), Change("org/ghost", 5, null));

        Assert.Equal(["committed 2 2", "committed 3 3", "conflict - 3", "repeated - - 2", "committed 4 1", "conflict - 0"], outcomes);
        Assert.Equal(["repeated - - 2"], await CommitAsync(Change("org/new", 2, "one")));
        Assert.Equal(4, await _database.ScalarAsync<long>("select head from mgmt_cfg_feed"));
        Assert.Equal(0, await _database.ScalarAsync<long>("select count(*) from mgmt_cfg_orgs where org_id = 'ghost'"));
    }

    [Fact]
    public async Task Creation_that_comes_to_nothing_leaves_no_row()
    {
        await CommitAsync(Change("org/acme", 2, "one"));

        Assert.Equal(["repeated - - 2"], await CommitAsync(Change("org/other", 1, "one")));
        Assert.Equal(0, await _database.ScalarAsync<long>("select count(*) from mgmt_cfg_orgs where org_id = 'other'"));
    }

    [Fact]
    public async Task Record_is_kept_byte_for_byte_but_for_its_position()
    {
        var change = Change("org/acme", 2, "one");
        await CommitAsync(change);

        var sent = change[(change.IndexOf("{\"position\"", StringComparison.Ordinal))..^1];
        Assert.Equal(sent.Replace("\"position\":0", "\"position\":2", StringComparison.Ordinal), await _database.ScalarAsync<string>("select record::text from mgmt_log_changes where position = 2"));
    }

    [Fact]
    public async Task Concurrent_batches_leave_neither_gaps_nor_lost_revisions()
    {
        await _database.ExecuteAsync("insert into mgmt_cfg_orgs (org_id) select 'o' || i from generate_series(1, 4) i");
        async Task<int> Work(int worker)
        {
            var made = 0;
            for (var round = 0; round < 20; round++)
            {
                // Each batch touches two scopes that others touch too, in an order of its own.
                var (first, second) = ($"o{1 + ((worker + round) % 4)}", $"o{1 + (worker % 4)}");
                var revisions = new List<long>();
                foreach (var org in new[] { first, second })
                {
                    revisions.Add(await _database.ScalarAsync<long>($"select revision from mgmt_cfg_orgs where org_id = '{org}'"));
                }

                var outcomes = await CommitAsync(Change($"org/{first}", revisions[0] + 1, null), Change($"org/{second}", revisions[1] + (first == second ? 2 : 1), null));
                made += outcomes.Count(o => o.StartsWith("committed", StringComparison.Ordinal));
            }

            return made;
        }

        var total = (await Task.WhenAll(Enumerable.Range(0, 6).Select(Work))).Sum();

        Assert.Equal(5 + total, await _database.ScalarAsync<long>("select head from mgmt_cfg_feed"));
        Assert.Equal(5 + total, await _database.ScalarAsync<long>("select count(*) from mgmt_log_changes where position between 1 and (select head from mgmt_cfg_feed)"));
        Assert.Equal(total + 4, await _database.ScalarAsync<long>("select sum(revision)::bigint from mgmt_cfg_orgs where org_id like 'o_'"));
    }

    private static string Change(string scope, long revision, string? operation) =>
        $$$$"""{"record":{"position":0,"scope":"{{{{scope}}}}","revision":{{{{revision}}}},"kind":"scope-updated","version":"s0.o1","at":"2030-01-01T00:00:00.000Z","actor":"x",{{{{(operation is null ? "" : $"\"operationId\":\"{operation}\",")}}}}"properties":{"name":"n"}}}""";

    private async Task<List<string>> CommitAsync(params string[] changes)
    {
        await using var command = _database.Source.CreateCommand(
            "select concat_ws(' ', outcome, coalesce(position::text, '-'), coalesce(revision::text, '-'), first ->> 'position') from mgmt_commit_changes($1) order by ordinal");
        command.Parameters.Add(new NpgsqlParameter { Value = $"[{string.Join(',', changes)}]", NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Json });
        await using var reader = await command.ExecuteReaderAsync();
        var outcomes = new List<string>();
        while (await reader.ReadAsync())
        {
            outcomes.Add(reader.GetString(0));
        }

        return outcomes;
    }
}
