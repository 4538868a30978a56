using System.Collections.Immutable;
using System.Data;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;
using NuGet.Versioning;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Postgres;

/// <summary>Reads layers as of one moment: one transaction that sees one snapshot. Not safe for concurrent use.</summary>
internal sealed class LayerReader : IAsyncDisposable
{
    private const int FirstOverrideColumn = 6;
    private const int LoadTimeoutSeconds = 300;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private LayerReader(NpgsqlConnection connection, NpgsqlTransaction transaction) => (_connection, _transaction) = (connection, transaction);

    /// <summary>Takes a session and a snapshot.</summary>
    public static async ValueTask<LayerReader> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        return new LayerReader(connection, await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken));
    }

    /// <summary>The system's layer; null where nothing was ever said.</summary>
    public async ValueTask<SystemLayer?> SystemAsync(CancellationToken cancellationToken)
    {
        var definitions = ImmutableDictionary.CreateBuilder<string, DefinitionEntry>(StringComparer.Ordinal);
        await using var batch = new NpgsqlBatch(_connection, _transaction) { BatchCommands = { new(LayerQueries.Definitions), new(LayerQueries.System) } };
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var entry = Rows.Definition(rows, 0);
            definitions[entry.Definition.Name] = entry;
        }

        await rows.NextResultAsync(cancellationToken);
        if (!await rows.ReadAsync(cancellationToken))
        {
            return null;
        }

        using var extras = Rows.Open(rows, 2);
        var host = Rows.Text(rows, 1) is { } version ? SemanticVersion.Parse(version) : null;
        return new SystemLayer(rows.GetInt64(0), definitions.ToImmutable(), host, ExtrasJson.Read(extras.RootElement));
    }

    /// <summary>Layers of organizations or workspaces, in order of id.</summary>
    /// <param name="kind">Organizations or workspaces.</param>
    /// <param name="ids">Only these; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<StoredLayer> ScopesAsync(ScopeKind kind, string[]? ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var access = await AccessAsync(kind, ids, cancellationToken);
        await using var command = new NpgsqlCommand(Text(kind, ids), _connection, _transaction) { CommandTimeout = ids is null ? LoadTimeoutSeconds : _connection.CommandTimeout };
        if (ids is not null)
        {
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ids });
        }

        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var more = await rows.ReadAsync(cancellationToken);
        while (more)
        {
            var id = rows.GetString(0);
            var properties = new ScopeProperties(Rows.Text(rows, 2), Rows.Text(rows, 1), rows.GetBoolean(4), null);
            var revision = rows.GetInt64(3);
            var extras = new LayerExtras(access.GetValueOrDefault(id, LayerExtras.None).Access, Rows.Object(rows, FirstOverrideColumn - 1));
            var overrides = new List<OverrideEntry>();
            do
            {
                if (!rows.IsDBNull(FirstOverrideColumn))
                {
                    overrides.Add(Rows.Override(rows, FirstOverrideColumn));
                }

                more = await rows.ReadAsync(cancellationToken);
            }
            while (more && rows.GetString(0).Equals(id, StringComparison.Ordinal));

            yield return new StoredLayer(kind == ScopeKind.Org ? ScopeId.Org(id) : ScopeId.Workspace(id), ScopeLayer.Make(revision, properties, [.. overrides], extras));
        }
    }

    /// <summary>Ids of organizations or workspaces that are not deleted, in order.</summary>
    public async ValueTask<string[]> IdsAsync(ScopeListQuery query, CancellationToken cancellationToken)
    {
        var text = query.Kind == ScopeKind.Org ? LayerQueries.OrgIds : query.OrgId is null ? LayerQueries.WorkspaceIds : LayerQueries.WorkspaceIdsOfOrg;
        await using var command = new NpgsqlCommand(text, _connection, _transaction);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = query.After ?? "" });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = query.Limit });
        if (query is { Kind: ScopeKind.Workspace, OrgId: { } orgId })
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = orgId });
        }

        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<string>();
        while (await rows.ReadAsync(cancellationToken))
        {
            ids.Add(rows.GetString(0));
        }

        return [.. ids];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static string Text(ScopeKind kind, string[]? ids) => (kind, ids) switch
    {
        (ScopeKind.Org, null) => LayerQueries.AllOrgs,
        (ScopeKind.Org, _) => LayerQueries.Orgs,
        (_, null) => LayerQueries.AllWorkspaces,
        _ => LayerQueries.Workspaces,
    };

    /// <summary>Members and tokens of the few scopes that have any.</summary>
    private async ValueTask<Dictionary<string, LayerExtras>> AccessAsync(ScopeKind kind, string[]? ids, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ids is null ? LayerQueries.AllAccess : LayerQueries.Access, _connection, _transaction);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind == ScopeKind.Org ? "org" : "workspace" });
        if (ids is not null)
        {
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ids });
        }

        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<string, LayerExtras>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
        {
            using JsonDocument extras = Rows.Open(rows, 1);
            found.Add(rows.GetString(0), ExtrasJson.Read(extras.RootElement));
        }

        return found;
    }
}
