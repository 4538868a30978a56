using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Grains.Contracts;

namespace OrleansModules.Grains.Wire;

/// <summary>Batches of changes as messages.</summary>
internal static class PushWire
{
    public static PushMessage ToMessage(PushBatch batch) => new(batch.Origin, batch.Number, batch.Epoch, batch.Head, [.. batch.Deltas.Select(ToMessage)]);

    /// <remarks>A delta that this version cannot read is left out; its positions stay open, and the feed is read.</remarks>
    public static PushBatch FromMessage(PushMessage message) => new(message.Origin, message.Number, message.Epoch, message.Head, [.. message.Deltas.Select(FromMessage).OfType<ScopeDelta>()]);

    private static DeltaMessage ToMessage(ScopeDelta delta) => new(
        delta.Scope.ToString(),
        delta.From,
        delta.To,
        [.. delta.Changes.Select(ChangeRecordJson.ToUtf8)],
        delta.Layer is { } layer ? CompactJson.Write(writer => LayerJson.Write(writer, delta.Scope, layer)).ToArray() : null,
        [.. delta.Positions]);

    private static ScopeDelta? FromMessage(DeltaMessage message)
    {
        try
        {
            return new ScopeDelta(ScopeId.Parse(message.Scope), message.From, message.To, [.. message.Changes.Select(ChangeWire.Read)], ReadLayer(message.Layer), [.. message.Positions]);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private static Layer? ReadLayer(byte[]? json)
    {
        if (json is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json, Depth.Options);
        return LayerJson.Read(document.RootElement).Layer;
    }
}
