using System.Text.Json;
using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Postgres;

/// <summary>A change on its way to the database; as a task, what became of it.</summary>
internal sealed class PendingChange : TaskCompletionSource<AppendResult>
{
    private int _isTaken;

    /// <summary>Prepares a change, on the thread of whoever appends it.</summary>
    public PendingChange(ChangeRecord change, Layer after, ChangeIdentity? identity)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        Change = change;
        Sent = change with { Position = 0, OperationId = change.OperationId ?? OperationIds.Next() };
        Record = ChangeRecordJson.ToUtf8(Sent);
        Identity = identity is null ? null : Json(writer => WriteIdentity(writer, identity));
        Provenance = [.. ProvenanceOf(change, after)];
    }

    /// <summary>The change as it was given.</summary>
    public ChangeRecord Change { get; }

    /// <summary>The change as it is sent, with an operation id in any case.</summary>
    public ChangeRecord Sent { get; }

    /// <summary><see cref="Sent"/> as JSON.</summary>
    public byte[] Record { get; }

    /// <summary>Who asked for it, as <c>mgmt_may_make</c> takes it; null for the service itself.</summary>
    public byte[]? Identity { get; }

    /// <summary>Who set what, by module: of those that the scope says something about after the change.</summary>
    public IReadOnlyList<(string Module, byte[] Json)> Provenance { get; }

    /// <summary>Whether the change sets and clears overrides, and nothing else.</summary>
    public bool IsOfOverrides =>
        Sent is { Scope.Kind: not ScopeKind.System, Properties: null, Settings: null, Definitions.IsEmpty: true, Members.IsEmpty: true, Tokens.IsEmpty: true }
        && Provenance.Count == Sent.Overrides.Count(o => o.After is not null);

    /// <summary>Takes it from the queue, or out of it: only the first call succeeds.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    /// <summary>Whether a record is this very change, committed by a call whose answer was lost.</summary>
    public bool IsMadeBy(ChangeRecord committed) => Record.AsSpan().SequenceEqual(ChangeRecordJson.ToUtf8(committed with { Position = 0 }));

    private static byte[] Json(Action<Utf8JsonWriter> write) => CompactJson.Write(write).ToArray();

    private static void WriteIdentity(Utf8JsonWriter writer, ChangeIdentity identity)
    {
        writer.WriteStartObject();
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

    private static IEnumerable<(string Module, byte[] Json)> ProvenanceOf(ChangeRecord change, Layer after)
    {
        var entries = after switch
        {
            SystemLayer system => change.Definitions.Select(d => (d.After.Name, system.Definitions.GetValueOrDefault(d.After.Name)?.Provenance)),
            ScopeLayer scope => change.Overrides.Select(o => (o.Module, scope.Find(o.Module)?.Provenance)),
            _ => [],
        };
        return entries.Where(e => e.Provenance is not null).Select(e => (e.Item1, Json(writer => LayerJson.WriteProvenance(writer, e.Provenance!.Value))));
    }
}
