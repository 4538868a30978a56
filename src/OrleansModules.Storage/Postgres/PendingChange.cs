using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Postgres;

/// <summary>A change on its way to the database; as a task, what became of it.</summary>
internal sealed class PendingChange : TaskCompletionSource<AppendResult>
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _json = new(1024);
    private int _isTaken;

    /// <summary>Prepares a change, on the thread of whoever appends it.</summary>
    public PendingChange(ChangeRecord change, Layer after, ChangeIdentity? identity)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        Change = change;
        Sent = change with { Position = 0, OperationId = change.OperationId ?? OperationIds.Next() };
        using var writer = new Utf8JsonWriter(_json, Compact);
        writer.WriteStartObject();
        writer.WritePropertyName("record"u8);
        ChangeRecordJson.Write(writer, Sent, withOperation: true);
        WriteProvenance(writer, after);
        if (identity is not null)
        {
            WriteIdentity(writer, identity);
        }

        writer.WriteEndObject();
    }

    /// <summary>The change as it was given.</summary>
    public ChangeRecord Change { get; }

    /// <summary>The change as it is sent, with an operation id in any case.</summary>
    public ChangeRecord Sent { get; }

    /// <summary>The change as <c>mgmt_commit_changes</c> takes it.</summary>
    public ReadOnlySpan<byte> Json => _json.WrittenSpan;

    /// <summary>Takes it from the queue, or out of it: only the first call succeeds.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    /// <summary>Whether a record is this very change, committed by a call whose answer was lost.</summary>
    public bool IsMadeBy(ChangeRecord committed)
    {
        var own = new ArrayBufferWriter<byte>(_json.WrittenCount);
        var other = new ArrayBufferWriter<byte>(_json.WrittenCount);
        Write(own, Sent);
        Write(other, committed with { Position = 0 });
        return own.WrittenSpan.SequenceEqual(other.WrittenSpan);
    }

    private static void Write(ArrayBufferWriter<byte> buffer, ChangeRecord record)
    {
        using var writer = new Utf8JsonWriter(buffer, Compact);
        ChangeRecordJson.Write(writer, record, withOperation: true);
    }

    private static void WriteIdentity(Utf8JsonWriter writer, ChangeIdentity identity)
    {
        writer.WriteStartObject("identity"u8);
        writer.WriteString("subject"u8, identity.Subject);
        writer.WriteStartObject("grants"u8);

        // Roles are declared from the strongest to the weakest: the first of a scope says what all say.
        foreach (var grant in identity.Grants.GroupBy(g => g.Scope, (scope, grants) => (Scope: scope, Role: grants.Min(g => g.Role))))
        {
            writer.WriteString(grant.Scope.ToString(), ScopeRoles.Word(grant.Role));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteProvenance(Utf8JsonWriter writer, Layer after)
    {
        writer.WriteStartObject("provenance"u8);
        switch (after)
        {
            case SystemLayer system:
                foreach (var change in Sent.Definitions)
                {
                    if (system.Definitions.TryGetValue(change.After.Name, out var entry))
                    {
                        writer.WritePropertyName(change.After.Name);
                        LayerJson.WriteProvenance(writer, entry.Provenance);
                    }
                }

                break;
            case ScopeLayer scope:
                foreach (var change in Sent.Overrides)
                {
                    if (scope.Find(change.Module) is { } entry)
                    {
                        writer.WritePropertyName(change.Module);
                        LayerJson.WriteProvenance(writer, entry.Provenance);
                    }
                }

                break;
        }

        writer.WriteEndObject();
    }
}
