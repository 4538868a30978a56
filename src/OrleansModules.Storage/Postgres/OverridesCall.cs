using Npgsql;
using NpgsqlTypes;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Storage.Postgres;

/// <summary>
/// The prepared call of <c>mgmt_commit_overrides</c>, which takes the most frequent changes in columns: less for the database to take
/// apart. Not safe for concurrent use.
/// </summary>
internal sealed class OverridesCall : IDisposable
{
    private const string Text =
        "select ordinal, outcome, position, revision, first from mgmt_commit_overrides($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";

    private readonly NpgsqlCommand _command;

    /// <summary>Prepares it.</summary>
    /// <param name="connection">An open session.</param>
    /// <param name="timeout">The longest time it may take; in seconds.</param>
    public OverridesCall(NpgsqlConnection connection, int timeout)
    {
        _command = new NpgsqlCommand(Text, connection) { CommandTimeout = timeout };
        foreach (var type in (NpgsqlDbType[])[
            NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.TimestampTz, NpgsqlDbType.Text, NpgsqlDbType.Text,
            NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Jsonb,
            NpgsqlDbType.Integer, NpgsqlDbType.Text, NpgsqlDbType.Boolean, NpgsqlDbType.Jsonb, NpgsqlDbType.Jsonb, NpgsqlDbType.Jsonb])
        {
            _command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type | NpgsqlDbType.Array });
        }

        _command.Prepare();
    }

    /// <summary>Whether the call takes these changes: nothing but overrides, at most one change of a scope.</summary>
    public static bool Takes(List<PendingChange> changes)
    {
        var scopes = new HashSet<ScopeId>(changes.Count);
        return changes.TrueForAll(c => c.IsOfOverrides && scopes.Add(c.Sent.Scope));
    }

    /// <summary>The call for changes that it takes.</summary>
    public NpgsqlCommand For(List<PendingChange> changes)
    {
        ChangeRecord[] sent = [.. changes.Select(c => c.Sent)];
        (int Of, OverrideChange Override, byte[]? Provenance)[] overrides = [.. changes.SelectMany((c, i) => c.Sent.Overrides.Select(o => (i + 1, o, ProvenanceOf(c, o))))];
        object[] columns =
        [
            Array.ConvertAll(sent, r => r.Scope.Kind == ScopeKind.Org ? "org" : "workspace"),
            Array.ConvertAll(sent, r => r.Scope.Id),
            Array.ConvertAll(sent, r => r.Revision),
            Array.ConvertAll(sent, r => r.At),
            Array.ConvertAll(sent, r => r.OperationId),
            Array.ConvertAll(sent, r => ChangeRecordJson.Word(r.Kind)),
            Array.ConvertAll(sent, r => r.Actor),
            Array.ConvertAll(sent, r => r.Reason),
            Array.ConvertAll(sent, r => r.Fingerprint),
            Array.ConvertAll(sent, r => string.Join(',', r.Overrides.Select(o => o.Module))),
            changes.ConvertAll(c => c.Record).ToArray(),
            changes.Exists(c => c.Identity is not null) ? changes.ConvertAll(c => c.Identity).ToArray() : DBNull.Value,
            Array.ConvertAll(overrides, o => o.Of),
            Array.ConvertAll(overrides, o => o.Override.Module),
            Array.ConvertAll(overrides, o => o.Override.After?.IsEnabled),
            Array.ConvertAll(overrides, o => o.Override.After?.Config.Utf8.ToArray()),
            Array.ConvertAll(overrides, o => o.Override.After?.FeatureFlags.Utf8.ToArray()),
            Array.ConvertAll(overrides, o => o.Provenance),
        ];
        for (var i = 0; i < columns.Length; i++)
        {
            _command.Parameters[i].Value = columns[i];
        }

        return _command;
    }

    /// <inheritdoc/>
    public void Dispose() => _command.Dispose();

    private static byte[]? ProvenanceOf(PendingChange change, OverrideChange o) => change.Provenance.FirstOrDefault(p => p.Module.Equals(o.Module, StringComparison.Ordinal)).Json;
}
