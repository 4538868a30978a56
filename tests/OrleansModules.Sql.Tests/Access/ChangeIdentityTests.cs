using System.Text.Json;

namespace OrleansModules.Sql.Tests.Access;

/// <summary>Who may make which change that the service commits for them.</summary>
[Requirement("K9")]
public sealed class ChangeIdentityTests(SecuredDatabase database) : IClassFixture<SecuredDatabase>
{
    private static readonly string[] System = ["sys-owner", "sys-admin"];
    private static readonly string[] Org = [.. System, "org-owner", "org-admin"];
    private static readonly string[] Workspace = [.. Org, "ws-owner", "ws-admin"];

    // What is changed, the change, and who may.
    private static readonly (string Kind, string Id, string Body, string[] May)[] Changes =
    [
        ("system", "", """{"definitions": []}""", System),
        ("system", "", """{"members": [{"subject": "x", "after": "sys_owner"}]}""", ["sys-owner"]),
        ("org", "acme", """{"overrides": []}""", Org),
        ("org", "acme", """{"properties": {"isDeleted": true}}""", [.. System, "org-owner"]),
        ("org", "acme", """{"members": [{"subject": "x", "before": "org_owner"}]}""", [.. System, "org-owner"]),
        ("org", "acme", """{"tokens": [{"id": "x", "after": {"role": "org_admin"}}]}""", Org),
        ("org", "beta", """{"overrides": []}""", System),
        ("org", "gone", """{"properties": {}}""", System),
        ("workspace", "a1", """{"overrides": []}""", Workspace),
        ("workspace", "a1", """{"properties": {"isDeleted": true}}""", [.. Org, "ws-owner"]),
        ("workspace", "a1", """{"members": [{"subject": "x", "before": "ws_user", "after": "ws_owner"}]}""", [.. Org, "ws-owner"]),
        ("workspace", "a1", """{"tokens": [{"id": "x", "before": {"role": "ws_owner"}}]}""", [.. Org, "ws-owner"]),
        ("workspace", "a2", """{"overrides": []}""", Org),
        ("workspace", "b1", """{"overrides": []}""", System),
        ("workspace", "agone", """{"properties": {"orgId": "acme"}}""", Org),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everybody_may_make_what_their_roles_allow_and_nothing_else(bool asMembers)
    {
        await using var connection = await database.OwnerSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync("""
            insert into mgmt_cfg_orgs (org_id) values ('gone');
            insert into mgmt_cfg_workspaces (ws_id, org_id) values ('agone', 'acme');
            update mgmt_cfg_workspaces set is_deleted = true where ws_id = 'agone';
            update mgmt_cfg_orgs set is_deleted = true where org_id = 'gone'
            """);
        var wrong = new List<string>();
        foreach (var (name, (scopeKind, scopeId, role)) in Borders.Principals)
        {
            var grants = new Dictionary<string, string>();
            if (role.Length > 0 && asMembers)
            {
                await ExecuteAsync($"insert into mgmt_cfg_members (scope_kind, scope_id, subject, role) values ('{scopeKind}', '{scopeId}', 'c-{name}', '{role}')");
            }
            else if (role.Length > 0)
            {
                grants.Add(scopeKind == "system" ? scopeKind : $"{scopeKind}/{scopeId}", role);
            }

            foreach (var (kind, id, body, may) in Changes)
            {
                await using var ask = new NpgsqlCommand("select mgmt_may_make($1::jsonb, $2, $3, $4::jsonb)", connection, transaction);
                ask.Parameters.Add(new NpgsqlParameter { Value = JsonSerializer.Serialize(new { subject = $"c-{name}", grants }) });
                ask.Parameters.Add(new NpgsqlParameter { Value = kind });
                ask.Parameters.Add(new NpgsqlParameter { Value = id });
                ask.Parameters.Add(new NpgsqlParameter { Value = body });
                if ((bool)(await ask.ExecuteScalarAsync())! != may.Contains(name, StringComparer.Ordinal))
                {
                    wrong.Add($"{name}: {kind}/{id} {body}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync();
        }
    }
}
