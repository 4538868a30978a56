using System.Buffers;
using System.Text;
using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Api.Streaming;

/// <summary>Writes events. A change of the system is the same step between two maps for thousands of readers: what it changed is worked out once.</summary>
/// <remarks>Safe for concurrent use. One entry, so that nothing old is held on to.</remarks>
internal sealed class EventCache
{
    private volatile Step? _last;

    /// <summary>Writes the event that takes a reader from what it was told to a view.</summary>
    /// <param name="writer">Receives it.</param>
    /// <param name="told">The map it was told of last; null where none.</param>
    /// <param name="view">The view now.</param>
    /// <param name="staleFor">For how many seconds the record has not confirmed it; null while it is fresh.</param>
    public void Write(IBufferWriter<byte> writer, EffectiveMap? told, ScopeView view, long? staleFor)
    {
        Span<byte> version = stackalloc byte[MapVersion.MaxLength];
        version = version[..view.Version.Format(version)];
        writer.Write("event: version\nid: "u8);
        writer.Write(version);
        writer.Write("\ndata: {\"version\":\""u8);
        writer.Write(version);
        writer.Write("\",\"changed\":"u8);
        writer.Write(told is null ? "null"u8 : ChangedBetween(told, view.Map));
        if (staleFor is { } seconds)
        {
            writer.Write(Encoding.ASCII.GetBytes($",\"staleFor\":{seconds}"));
        }

        writer.Write("}\n\n"u8);
    }

    private byte[] ChangedBetween(EffectiveMap from, EffectiveMap to)
    {
        var step = _last;
        if (step is null || !ReferenceEquals(step.From, from) || !ReferenceEquals(step.To, to))
        {
            step = new Step(from, to, JsonSerializer.SerializeToUtf8Bytes(to.ChangedSince(from)));
            _last = step;
        }

        return step.Changed;
    }

    private sealed record Step(EffectiveMap From, EffectiveMap To, byte[] Changed);
}
