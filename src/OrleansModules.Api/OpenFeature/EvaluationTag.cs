using System.Buffers.Text;
using System.Text;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.OpenFeature;

/// <summary>Entity tags of bulk evaluations: <c>"s12.o5.w3:workspace/w1:1234"</c>.</summary>
/// <remarks>
/// All that an answer depends on is in it: content (the version), the part of the context that counts (the scope), and the mark
/// of the stream's address, so that nobody is told "not modified" when the address they have ends soon or is of another key.
/// </remarks>
internal static class EvaluationTag
{
    /// <summary>Comes after the version, and after the scope.</summary>
    public const byte Separator = (byte)':';

    /// <summary>Room that the longest tag needs without its quotes, in bytes of ASCII: a version, a scope, a 19-digit number.</summary>
    public const int MaxLength = MapVersion.MaxLength + 1 + ScopeId.MaxLength + 1 + 19;

    /// <summary>The tag without its quotes, as events name it.</summary>
    public static string Bare(ScopeId scope, MapVersion version, long mark)
    {
        Span<byte> ascii = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(ascii[..Format(ascii, scope, version, mark)]);
    }

    /// <summary>Writes the tag without its quotes, as ASCII.</summary>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="version">The version.</param>
    /// <param name="mark">That of the stream's address, <see cref="TicketEra.Mark"/>; not negative.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Format(Span<byte> destination, ScopeId scope, MapVersion version, long mark)
    {
        var length = version.Format(destination);
        destination[length++] = Separator;
        length += scope.Format(destination[length..]);
        destination[length++] = Separator;
        Utf8Formatter.TryFormat(mark, destination[length..], out var digits);
        return length + digits;
    }

    /// <summary>The version that a tag of this scope names, quoted or not; null for anything else.</summary>
    public static MapVersion? VersionIn(string? text, ScopeId scope)
    {
        var tag = text.AsSpan().Trim();
        if (tag.StartsWith("W/", StringComparison.Ordinal))
        {
            tag = tag[2..];
        }

        tag = tag.Trim('"');
        var colon = tag.IndexOf(':');
        return colon > 0 && tag[(colon + 1)..].StartsWith(scope.ToString() + ":", StringComparison.Ordinal) && MapVersion.TryParse(tag[..colon], out var version) && version.Kind == scope.Kind
            ? version
            : null;
    }
}
