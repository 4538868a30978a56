using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;
using OrleansModules.Core.Audit;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Storage.Postgres;

/// <summary>Asks for entries of the audit trail, and reads them out of rows.</summary>
internal static class AuditRows
{
    private const string Columns =
        "select position, at, subject, on_behalf_of, source, action, operation, scope_kind, scope_id, org_id, target, outcome, code, change_position, trace_id, repeats from mgmt_log_audit where true";

    /// <summary>The word of a kind of scope.</summary>
    public static string WordOf(ScopeKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    /// <summary>Makes the command of a query. Only what is asked for is part of the statement, so that each form of it has a plan of its own.</summary>
    public static void Select(NpgsqlCommand command, AuditQuery query)
    {
        var sql = new StringBuilder(Columns);
        Add(query.Scope.Kind == ScopeKind.System ? null : query.Scope.Id, query.Scope.Kind == ScopeKind.Org ? "org_id = {0}" : "scope_kind = 'workspace' and scope_id = {0}");
        Add(query.Before, "position < {0}");
        Add(query.Subject, "(subject = {0} or on_behalf_of = {0})");
        Add(query.Action, "action = {0}");
        Add(query.Outcome is { } outcome ? AuditJson.Word(outcome) : null, "outcome = {0}");
        Add(query.Since, "at >= {0}");
        Add(query.Until, "at < {0}");
        sql.Append(CultureInfo.InvariantCulture, $" order by position desc limit {query.Limit}");
        command.CommandText = sql.ToString();

        void Add(object? value, string condition)
        {
            if (value is not null)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
                sql.Append(" and ").Append(condition.Replace("{0}", $"${command.Parameters.Count}", StringComparison.Ordinal));
            }
        }
    }

    /// <summary>The entry of a row.</summary>
    public static AuditEntry Read(NpgsqlDataReader row)
    {
        var scope = row.GetString(7) switch
        {
            "system" => ScopeId.System,
            "org" => ScopeId.Org(row.GetString(8)),
            _ => ScopeId.Workspace(row.GetString(8)),
        };
        return new AuditEntry
        {
            Position = row.GetInt64(0),
            At = row.GetDateTime(1),
            Subject = row.GetString(2),
            OnBehalfOf = Rows.Text(row, 3),
            From = Rows.Text(row, 4),
            Action = row.GetString(5),
            Operation = row.GetString(6),
            Scope = scope,
            OrgId = scope.Kind == ScopeKind.Workspace ? Rows.Text(row, 9) : null,
            Target = Rows.Text(row, 10),
            Outcome = AuditJson.OutcomeWords[row.GetString(11)],
            Code = Rows.Text(row, 12),
            ChangePosition = row.IsDBNull(13) ? null : row.GetInt64(13),
            TraceId = row.GetString(14),
            Repeats = row.IsDBNull(15) ? null : row.GetInt64(15),
        };
    }
}
