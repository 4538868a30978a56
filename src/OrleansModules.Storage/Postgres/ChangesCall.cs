using System.Buffers;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using OrleansModules.Core.Json;

namespace OrleansModules.Storage.Postgres;

/// <summary>The prepared call of <c>mgmt_commit_changes</c>, which takes every change, as JSON. Not safe for concurrent use.</summary>
internal sealed class ChangesCall : IDisposable
{
    private const string Text = "select ordinal, outcome, position, revision, first from mgmt_commit_changes($1)";

    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly NpgsqlCommand _command;

    /// <summary>Prepares it.</summary>
    /// <param name="connection">An open session.</param>
    /// <param name="timeout">The longest time it may take; in seconds.</param>
    public ChangesCall(NpgsqlConnection connection, int timeout)
    {
        _command = new NpgsqlCommand(Text, connection) { CommandTimeout = timeout };
        _command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Json });
        _command.Prepare();
    }

    /// <summary>The call for some changes.</summary>
    public NpgsqlCommand For(List<PendingChange> changes)
    {
        _json.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_json, CompactJson.Options))
        {
            writer.WriteStartArray();
            changes.ForEach(change => Write(writer, change));
            writer.WriteEndArray();
        }

        _command.Parameters[0].Value = _json.WrittenMemory;
        return _command;
    }

    /// <inheritdoc/>
    public void Dispose() => _command.Dispose();

    private static void Write(Utf8JsonWriter writer, PendingChange change)
    {
        writer.WriteStartObject();
        WriteRaw(writer, "record"u8, change.Record);
        writer.WriteStartObject("provenance"u8);
        foreach (var (module, json) in change.Provenance)
        {
            writer.WritePropertyName(module);
            writer.WriteRawValue(json, skipInputValidation: true);
        }

        writer.WriteEndObject();
        if (change.Identity is { } identity)
        {
            WriteRaw(writer, "identity"u8, identity);
        }

        writer.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter writer, ReadOnlySpan<byte> name, byte[] json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json, skipInputValidation: true);
    }
}
