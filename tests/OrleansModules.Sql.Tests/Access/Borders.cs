namespace OrleansModules.Sql.Tests.Access;

/// <summary>One thing that somebody tries: a statement that touches one row of one scope, and who may do it.</summary>
internal sealed record Attempt(string What, string Sql, string[] May);

/// <summary>Everybody who tries, and everything they try. Organization acme has workspaces a1 and a2; beta, where nobody belongs, has b1.</summary>
internal static class Borders
{
    /// <summary>By name: the role, and the scope it is held in. No role: a stranger.</summary>
    public static readonly IReadOnlyDictionary<string, (string Kind, string Id, string Role)> Principals = new Dictionary<string, (string, string, string)>(StringComparer.Ordinal)
    {
        ["sys-owner"] = ("system", "", "sys_owner"),
        ["sys-admin"] = ("system", "", "sys_admin"),
        ["operator"] = ("system", "", "operator"),
        ["sys-shell"] = ("system", "", "shell"),
        ["org-owner"] = ("org", "acme", "org_owner"),
        ["org-admin"] = ("org", "acme", "org_admin"),
        ["org-user"] = ("org", "acme", "org_user"),
        ["org-shell"] = ("org", "acme", "shell"),
        ["ws-owner"] = ("workspace", "a1", "ws_owner"),
        ["ws-admin"] = ("workspace", "a1", "ws_admin"),
        ["ws-user"] = ("workspace", "a1", "ws_user"),
        ["ws-shell"] = ("workspace", "a1", "shell"),
        ["stranger"] = ("", "", ""),
    };

    /// <summary>The rows that are tried, made by the service.</summary>
    public const string Rows = """
        insert into mgmt_cfg_sys_modules (module_name, display_name) values ('kb', 'KB'), ('ai', 'AI');
        insert into mgmt_cfg_orgs (org_id) values ('acme'), ('beta');
        insert into mgmt_cfg_workspaces (ws_id, org_id) values ('a1', 'acme'), ('a2', 'acme'), ('b1', 'beta');
        insert into mgmt_cfg_org_modules (org_id, module_name) values ('acme', 'kb'), ('beta', 'kb');
        insert into mgmt_cfg_ws_modules (ws_id, module_name) values ('a1', 'kb'), ('a2', 'kb'), ('b1', 'kb');
        insert into mgmt_cfg_members (scope_kind, scope_id, subject, role) values
            ('system', '', 'victim', 'shell'), ('org', 'acme', 'victim', 'org_user'), ('org', 'beta', 'victim', 'org_user'),
            ('workspace', 'a1', 'victim', 'ws_user'), ('workspace', 'a2', 'victim', 'ws_user'), ('workspace', 'b1', 'victim', 'ws_user');
        insert into mgmt_cfg_tokens (scope_kind, scope_id, token_id, token) select scope_kind, scope_id, 'old', '{"role": "shell"}' from mgmt_cfg_members where subject = 'victim';
        insert into mgmt_cfg_sys_lambda (config_key, config_value) values ('schedule', '{}');
        insert into mgmt_log_audit (action, outcome, scope_kind, scope_id) values ('a', 'done', 'system', ''), ('a', 'done', 'org', 'acme'), ('a', 'done', 'org', 'beta'), ('a', 'done', 'workspace', 'a1'), ('a', 'done', 'workspace', 'b1');
        insert into mgmt_usage_modules (org_id, module_name) values ('acme', 'kb'), ('beta', 'kb');
        select mgmt_roll_up_usage(current_date - 1, current_date + 1);
        """;

    private static readonly string[] All = ["sys-owner", "sys-admin"];
    private static readonly string[] Nobody = [];
    private static readonly string[] Somebody = [.. Principals.Keys];

    /// <summary>Every attempt.</summary>
    public static IEnumerable<Attempt> Attempts() =>
        [.. Scopes("acme"), .. Scopes("beta"), .. Workspaces("a1"), .. Workspaces("a2"), .. Workspaces("b1"), .. System(),
            .. Access("system", ""), .. Access("org", "acme"), .. Access("org", "beta"), .. Access("workspace", "a1"), .. Access("workspace", "a2"), .. Access("workspace", "b1")];

    private static string[] ChangersOf(string id) => id switch
    {
        "acme" or "a2" => [.. All, "org-owner", "org-admin"],
        "a1" => [.. All, "org-owner", "org-admin", "ws-owner", "ws-admin"],
        _ => All,
    };

    private static string[] ReadersOf(string id) => id switch
    {
        "acme" => [.. All, "operator", "sys-shell", "org-owner", "org-admin", "org-user", "org-shell", "ws-owner", "ws-admin", "ws-user", "ws-shell"],
        "a1" => [.. All, "operator", "sys-shell", "org-owner", "org-admin", "org-shell", "ws-owner", "ws-admin", "ws-user", "ws-shell"],
        "a2" => [.. All, "operator", "sys-shell", "org-owner", "org-admin", "org-shell"],
        _ => [.. All, "operator", "sys-shell"],
    };

    private static string[] OwnersOf(string kind, string id) => (kind, id) switch
    {
        ("system", _) => ["sys-owner"],
        (_, "acme") => [.. All, "org-owner"],
        (_, "a1") => [.. All, "org-owner", "org-admin", "ws-owner"],
        (_, "a2") => [.. All, "org-owner", "org-admin"],
        _ => All,
    };

    private static IEnumerable<Attempt> Scopes(string org)
    {
        yield return new($"read org {org}", $"select 1 from mgmt_cfg_orgs where org_id = '{org}'", ReadersOf(org));
        yield return new($"change org {org}", $"update mgmt_cfg_orgs set name = 'x' where org_id = '{org}'", ChangersOf(org));
        yield return new($"delete org {org}", $"delete from mgmt_cfg_orgs where org_id = '{org}'", Nobody);
        yield return new($"create workspace in {org}", $"insert into mgmt_cfg_workspaces (ws_id, org_id) values ('fresh', '{org}')", ChangersOf(org));
        yield return new($"read override of {org}", $"select 1 from mgmt_cfg_org_modules where org_id = '{org}'", ReadersOf(org));
        yield return new($"add override to {org}", $"insert into mgmt_cfg_org_modules (org_id, module_name) values ('{org}', 'ai')", ChangersOf(org));
        yield return new($"change override of {org}", $"update mgmt_cfg_org_modules set config_overrides = '{{\"a\": 1}}' where org_id = '{org}'", ChangersOf(org));
        yield return new($"remove override of {org}", $"delete from mgmt_cfg_org_modules where org_id = '{org}'", ChangersOf(org));
        yield return new($"read history of {org}", $"select 1 from mgmt_log_changes where scope_kind = 'org' and scope_id = '{org}'", ChangersOf(org));
        yield return new($"read audit of {org}", $"select 1 from mgmt_log_audit where scope_kind = 'org' and scope_id = '{org}'", ChangersOf(org));
        yield return new($"read usage of {org}", $"select 1 from mgmt_usage_modules where org_id = '{org}'", ChangersOf(org));
        yield return new($"write usage of {org}", $"insert into mgmt_usage_modules (org_id, module_name) values ('{org}', 'kb')", Nobody);
        yield return new($"change usage of {org}", $"update mgmt_usage_modules set quantity = 9 where org_id = '{org}'", Nobody);
        yield return new($"remove usage of {org}", $"delete from mgmt_usage_modules where org_id = '{org}'", Nobody);
        yield return new($"read daily usage of {org}", $"select 1 from mgmt_usage_modules_daily where org_id = '{org}'", ChangersOf(org));
        yield return new($"change daily usage of {org}", $"update mgmt_usage_modules_daily set quantity = 9 where org_id = '{org}'", Nobody);
    }

    private static IEnumerable<Attempt> Workspaces(string ws)
    {
        yield return new($"read workspace {ws}", $"select 1 from mgmt_cfg_workspaces where ws_id = '{ws}'", ReadersOf(ws));
        yield return new($"change workspace {ws}", $"update mgmt_cfg_workspaces set name = 'x' where ws_id = '{ws}'", ChangersOf(ws));
        yield return new($"delete workspace {ws}", $"delete from mgmt_cfg_workspaces where ws_id = '{ws}'", Nobody);
        yield return new($"read override of {ws}", $"select 1 from mgmt_cfg_ws_modules where ws_id = '{ws}'", ReadersOf(ws));
        yield return new($"add override to {ws}", $"insert into mgmt_cfg_ws_modules (ws_id, module_name) values ('{ws}', 'ai')", ChangersOf(ws));
        yield return new($"change override of {ws}", $"update mgmt_cfg_ws_modules set config_overrides = '{{\"a\": 1}}' where ws_id = '{ws}'", ChangersOf(ws));
        yield return new($"move override of {ws} to b1", $"update mgmt_cfg_ws_modules set ws_id = 'b1', module_name = 'ai' where ws_id = '{ws}'", All);
        yield return new($"remove override of {ws}", $"delete from mgmt_cfg_ws_modules where ws_id = '{ws}'", ChangersOf(ws));
        yield return new($"resolve {ws}", $"select 1 where resolve_all_modules_for_workspace('{ws}') is not null", ReadersOf(ws));
        yield return new($"read history of {ws}", $"select 1 from mgmt_log_changes where scope_kind = 'workspace' and scope_id = '{ws}'", ChangersOf(ws));
    }

    private static IEnumerable<Attempt> System()
    {
        yield return new("create org", "insert into mgmt_cfg_orgs (org_id) values ('fresh')", All);
        yield return new("read definition", "select 1 from mgmt_cfg_sys_modules where module_name = 'kb'", Somebody);
        yield return new("add definition", "insert into mgmt_cfg_sys_modules (module_name, display_name) values ('fresh', 'x')", All);
        yield return new("change definition", "update mgmt_cfg_sys_modules set tier = 1 where module_name = 'kb'", All);
        yield return new("delete definition", "delete from mgmt_cfg_sys_modules where module_name = 'kb'", Nobody);
        yield return new("read system scope", "select 1 from mgmt_cfg_sys_scope", Somebody);
        yield return new("change system scope", "update mgmt_cfg_sys_scope set host_version = '9.0.0'", All);
        yield return new("read schedule", "select 1 from mgmt_cfg_sys_lambda", [.. All, "operator"]);
        yield return new("add schedule", "insert into mgmt_cfg_sys_lambda (config_key, config_value) values ('fresh', '1')", All);
        yield return new("change schedule", "update mgmt_cfg_sys_lambda set is_active = false", All);
        yield return new("remove schedule", "delete from mgmt_cfg_sys_lambda", All);
        yield return new("read feed", "select 1 from mgmt_cfg_feed", Somebody);
        yield return new("change feed", "update mgmt_cfg_feed set head = head + 1", Nobody);
        yield return new("read epoch", "select 1 from mgmt_cfg_epoch", Somebody);
        yield return new("raise epoch", "update mgmt_cfg_epoch set epoch = epoch + 1", Nobody);
        yield return new("read history of the system", "select 1 from mgmt_log_changes where scope_kind = 'system'", All);
        yield return new("forge history", "insert into mgmt_log_changes (position, scope_kind, scope_id, revision, kind, at, actor, record) values (999, 'org', 'acme', 999, 'x', now(), 'x', '{}')", Nobody);
        yield return new("change history", "update mgmt_log_changes set actor = 'x' where scope_id = 'acme'", Nobody);
        yield return new("erase history", "delete from mgmt_log_changes where scope_id = 'acme'", Nobody);
        yield return new("forge audit", "insert into mgmt_log_audit (action, outcome) values ('x', 'done')", Nobody);
        yield return new("change audit", "update mgmt_log_audit set subject = 'x' where scope_id = 'acme'", Nobody);
        yield return new("erase audit", "delete from mgmt_log_audit where scope_id = 'acme'", Nobody);
    }

    private static IEnumerable<Attempt> Access(string kind, string id)
    {
        var (changers, owners) = (ChangersOf(id), OwnersOf(kind, id));
        var at = $"{kind} {id}".TrimEnd();
        var here = $"scope_kind = '{kind}' and scope_id = '{id}'";
        var (user, owner) = kind switch { "system" => ("operator", "sys_owner"), "org" => ("shell", "org_owner"), _ => ("shell", "ws_owner") };
        yield return new($"read member of {at}", $"select 1 from mgmt_cfg_members where {here} and subject = 'victim'", changers);
        yield return new($"add member to {at}", $"insert into mgmt_cfg_members (scope_kind, scope_id, subject, role) values ('{kind}', '{id}', 'fresh', '{user}')", changers);
        yield return new($"appoint owner of {at}", $"insert into mgmt_cfg_members (scope_kind, scope_id, subject, role) values ('{kind}', '{id}', 'fresh', '{owner}')", owners);
        yield return new($"change member of {at}", $"update mgmt_cfg_members set role = '{user}' where {here} and subject = 'victim'", changers);
        yield return new($"promote member of {at}", $"update mgmt_cfg_members set role = '{owner}' where {here} and subject = 'victim'", owners);
        yield return new($"remove member of {at}", $"delete from mgmt_cfg_members where {here} and subject = 'victim'", changers);
        yield return new($"read token of {at}", $"select 1 from mgmt_cfg_tokens where {here}", changers);
        yield return new($"add token to {at}", $"insert into mgmt_cfg_tokens (scope_kind, scope_id, token_id, token) values ('{kind}', '{id}', 'fresh', '{{\"role\": \"{user}\"}}')", changers);
        yield return new($"add owner's token to {at}", $"insert into mgmt_cfg_tokens (scope_kind, scope_id, token_id, token) values ('{kind}', '{id}', 'fresh', '{{\"role\": \"{owner}\"}}')", owners);
        yield return new($"change token of {at}", $"update mgmt_cfg_tokens set token = '{{\"role\": \"{user}\"}}' where {here}", changers);
        yield return new($"make token of {at} an owner's", $"update mgmt_cfg_tokens set token = '{{\"role\": \"{owner}\"}}' where {here}", owners);
        yield return new($"remove token of {at}", $"delete from mgmt_cfg_tokens where {here}", changers);
    }
}
