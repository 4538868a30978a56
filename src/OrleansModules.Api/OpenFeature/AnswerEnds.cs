using System.Globalization;
using System.Text;
using OrleansModules.Core.Bodies;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.OpenFeature;

/// <summary>Makes the ends of answers, which differ from scope to scope, and keeps those of scopes that are asked often.</summary>
/// <remarks>A fixed table in which a newer end takes the place of an older one. Safe for concurrent use.</remarks>
internal sealed class AnswerEnds(StreamTickets tickets, OpenFeatureOptions options)
{
    private readonly AnswerEnd?[] _kept = new AnswerEnd?[1 << 12];

    /// <summary>The end of the answers for a scope at a version.</summary>
    public AnswerEnd Get(ScopeId scope, MapVersion version)
    {
        var era = tickets.Now;
        ref var slot = ref _kept[(uint)scope.GetHashCode() % (uint)_kept.Length];
        if (Volatile.Read(ref slot) is { } known && known.Era == era && known.Version == version && known.Scope == scope)
        {
            return known;
        }

        var made = Make(scope, version, era);
        Volatile.Write(ref slot, made);
        return made;
    }

    private AnswerEnd Make(ScopeId scope, MapVersion version, TicketEra era)
    {
        var metadata = $"\"version\":\"{version}\",\"scope\":\"{scope}\"";
        var streams = string.Create(CultureInfo.InvariantCulture, $"\"eventStreams\":[{{\"type\":\"sse\",\"endpoint\":{{\"requestUri\":\"{FlagStream.Path}?ticket={tickets.Issue(scope, era.Epoch)}\"}},\"inactivityDelaySec\":{options.InactivityDelaySeconds}}}]");
        return new AnswerEnd(
            scope,
            version,
            era,
            $"\"{EvaluationTag.Bare(scope, version, era.Mark)}\"",
            Encoding.ASCII.GetBytes($",{streams},\"metadata\":{{{metadata}"),
            Encoding.ASCII.GetBytes($",\"version\":\"{version}\""));
    }
}

/// <summary>The end of answers for one scope at one version in one era. Safe for concurrent use; says the same at all times.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="Version">The version.</param>
/// <param name="Era">That of the address in it.</param>
/// <param name="ETag">The entity tag of bulk answers, in its quotes.</param>
/// <param name="Bulk">The end of a bulk answer, its metadata still open.</param>
/// <param name="Single">The end of a single answer, its metadata still open.</param>
internal sealed record AnswerEnd(ScopeId Scope, MapVersion Version, TicketEra Era, string ETag, byte[] Bulk, byte[] Single)
{
    private volatile Closed? _closed;

    /// <summary>The whole end of a bulk answer as its coding wants it: worked out once for the body that was asked for last.</summary>
    /// <param name="body">What it follows.</param>
    public byte[] Close(SharedBody body)
    {
        if (_closed is { } known && ReferenceEquals(known.Body, body))
        {
            return known.End;
        }

        Span<byte> end = stackalloc byte[Bulk.Length + 2 + SharedBody.MaxFrameLength];
        var made = new Closed(body, end[..body.WriteEnd([.. Bulk, .. "}}"u8], end)].ToArray());
        _closed = made;
        return made.End;
    }

    private sealed record Closed(SharedBody Body, byte[] End);
}
