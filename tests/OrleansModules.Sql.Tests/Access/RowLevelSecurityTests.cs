using System.Text.Json;

namespace OrleansModules.Sql.Tests.Access;

[Requirement("H8")]
[Requirement("H9")]
[Requirement("K4")]
public sealed class RowLevelSecurityTests(SecuredDatabase database) : IClassFixture<SecuredDatabase>
{
    [Fact]
    public async Task Borders_hold_for_subjects_whose_roles_are_in_the_members_table()
    {
        await using (var members = database.OwnerSource.CreateCommand("begin; " + Members("m-") + "commit"))
        {
            await members.ExecuteNonQueryAsync();
        }

        await CheckAsync(database.OwnerSource, name => $"set local modules.subject = 'm-{name}'");
    }

    [Fact]
    public Task Borders_hold_for_subjects_whose_roles_are_stated_as_grants() => CheckAsync(database.OwnerSource, name =>
    {
        var (kind, id, role) = Borders.Principals[name];
        var grants = kind.Length == 0 ? "{}" : JsonSerializer.Serialize(new Dictionary<string, string> { [kind == "system" ? kind : $"{kind}/{id}"] = role });
        return $"set local modules.subject = 'g-{name}'; set local modules.grants = '{grants}'";
    });

    [Fact]
    public async Task Borders_hold_for_logins_of_hosts_whatever_they_set()
    {
        var logins = string.Concat(Borders.Principals.Keys.Select(n =>
            $"do $$ begin create role \"l-{n}\" login; exception when duplicate_object or unique_violation then null; end $$; grant select, insert, update, delete on all tables in schema public to \"l-{n}\"; "));
        await database.Database.ExecuteAsync(logins);
        await using (var members = database.OwnerSource.CreateCommand("begin; " + Members("l-") + "commit"))
        {
            await members.ExecuteNonQueryAsync();
        }

        foreach (var name in Borders.Principals.Keys)
        {
            await using var source = NpgsqlDataSource.Create(database.Database.ConnectionStringAs($"l-{name}") + ";Maximum Pool Size=1");
            await CheckAsync(
                source, _ => "set local modules.subject = 'm-sys-owner'; set local modules.role = 'service'; set local modules.grants = '{\"system\": \"sys_owner\"}'", [name]);
        }
    }

    [Fact]
    public async Task Nobody_in_particular_sees_nothing_and_changes_nothing()
    {
        await using var connection = await database.OwnerSource.OpenConnectionAsync();
        foreach (var attempt in Borders.Attempts())
        {
            Assert.False(await SecuredDatabase.TryAsync(connection, "set local modules.role = 'anonymous'", attempt.Sql), attempt.What);
        }
    }

    [Fact]
    public async Task Owner_of_the_tables_with_nothing_set_sees_and_writes_as_the_service()
    {
        await using var connection = await database.OwnerSource.OpenConnectionAsync();
        foreach (var attempt in Borders.Attempts().Where(a => a.May.Length > 0))
        {
            Assert.True(await SecuredDatabase.TryAsync(connection, "select 1", attempt.Sql), attempt.What);
        }
    }

    [Fact]
    public async Task Commit_as_somebody_who_may_not_is_refused_and_as_somebody_who_may_is_made()
    {
        await using var connection = await database.OwnerSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        async Task<object?> Commit(string role)
        {
            await using var command = new NpgsqlCommand("""
                select outcome from mgmt_commit_changes((select json_build_array(json_build_object(
                    'record', json_build_object('position', 0, 'scope', 'workspace/a1', 'revision', revision + 1, 'kind', 'override-set', 'version', 's1.o1.w9',
                        'at', '2030-01-01T00:00:00.000Z', 'actor', 'x', 'overrides', '[{"module": "ai", "after": {"isEnabled": null, "configOverrides": {"a": 1}, "featureFlagOverrides": {}}}]'::json),
                    'identity', json_build_object('subject', 'x', 'grants', json_build_object('workspace/a1', $1::text))))
                from mgmt_cfg_workspaces where ws_id = 'a1'))
                """, connection, transaction);
            command.Parameters.Add(new NpgsqlParameter { Value = role });
            return await command.ExecuteScalarAsync();
        }

        Assert.Equal("refused", await Commit("ws_user"));
        Assert.Equal("committed", await Commit("ws_admin"));
    }

    private static string Members(string prefix) => string.Concat(Borders.Principals.Where(p => p.Value.Kind.Length > 0)
        .Select(p => $"insert into mgmt_cfg_members (scope_kind, scope_id, subject, role) values ('{p.Value.Kind}', '{p.Value.Id}', '{prefix}{p.Key}', '{p.Value.Role}'); "));

    private static async Task CheckAsync(NpgsqlDataSource source, Func<string, string> identity, IEnumerable<string>? principals = null)
    {
        await using var connection = await source.OpenConnectionAsync();
        var wrong = new List<string>();
        foreach (var name in principals ?? Borders.Principals.Keys)
        {
            foreach (var attempt in Borders.Attempts())
            {
                var expected = attempt.May.Contains(name, StringComparer.Ordinal);
                if (await SecuredDatabase.TryAsync(connection, identity(name), attempt.Sql) != expected)
                {
                    wrong.Add($"{name}: {attempt.What} should be {(expected ? "allowed" : "refused")}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
