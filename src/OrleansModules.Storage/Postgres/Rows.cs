using System.Text.Json;
using Npgsql;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Storage.Postgres;

/// <summary>Reads values out of rows.</summary>
internal static class Rows
{
    /// <summary>A change record.</summary>
    public static ChangeRecord ReadRecord(NpgsqlDataReader row, int column)
    {
        try
        {
            using var document = Open(row, column);
            return OperationIds.Strip(ChangeRecordJson.Read(document.RootElement));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw PostgresErrors.Corrupt("a change record", e);
        }
    }

    /// <summary>All rows of change records in the first column.</summary>
    public static async ValueTask<IReadOnlyList<ChangeRecord>> ReadRecordsAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        var records = new List<ChangeRecord>();
        while (await rows.ReadAsync(cancellationToken))
        {
            records.Add(ReadRecord(rows, 0));
        }

        return records;
    }

    /// <summary>A JSON document; the caller disposes it.</summary>
    public static JsonDocument Open(NpgsqlDataReader row, int column) => JsonDocument.Parse(row.GetFieldValue<byte[]>(column));

    /// <summary>Text, or null.</summary>
    public static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>A JSON object.</summary>
    public static JsonObjectValue Object(NpgsqlDataReader row, int column)
    {
        var utf8 = row.GetFieldValue<byte[]>(column);
        if (utf8.AsSpan().SequenceEqual("{}"u8))
        {
            return JsonObjectValue.Empty;
        }

        using var document = JsonDocument.Parse(utf8);
        return JsonObjectValue.From(document.RootElement);
    }

    /// <summary>An override, from its columns name, is_enabled, config, flags and provenance.</summary>
    public static OverrideEntry Override(NpgsqlDataReader row, int first)
    {
        using var provenance = Open(row, first + 4);
        return new OverrideEntry(
            new ModuleOverride(NamePool.Get(row.GetString(first)), row.IsDBNull(first + 1) ? null : row.GetBoolean(first + 1), Object(row, first + 2), Object(row, first + 3)),
            LayerJson.ReadProvenance(provenance.RootElement));
    }

    /// <summary>A definition, from its columns definition, provenance and registered.</summary>
    public static DefinitionEntry Definition(NpgsqlDataReader row, int first)
    {
        using var definition = Open(row, first);
        using var provenance = Open(row, first + 1);
        using var registered = Open(row, first + 2);
        return new DefinitionEntry(DefinitionJson.ReadStored(definition.RootElement), LayerJson.ReadProvenance(provenance.RootElement), LayerJson.ReadMark(registered.RootElement));
    }
}
