using Microsoft.Extensions.Primitives;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Http;

/// <summary>Entity tags: a map's is its version in quotes.</summary>
internal static class EntityTag
{
    /// <summary>The tag of a version.</summary>
    public static string Of(MapVersion version)
    {
        Span<byte> ascii = stackalloc byte[MapVersion.MaxLength];
        Span<char> tag = stackalloc char[MapVersion.MaxLength + 2];
        return new string(tag[..Format(version, ascii, tag)]);
    }

    /// <summary>Whether <c>If-None-Match</c> names a version (RFC 9110, 13.1.2: by weak comparison).</summary>
    public static bool Matches(StringValues ifNoneMatch, MapVersion version)
    {
        Span<byte> ascii = stackalloc byte[MapVersion.MaxLength];
        Span<char> buffer = stackalloc char[MapVersion.MaxLength + 2];
        return Matches(ifNoneMatch, buffer[..Format(version, ascii, buffer)]);
    }

    /// <summary>Whether <c>If-None-Match</c> names a tag, likewise.</summary>
    /// <param name="ifNoneMatch">The header.</param>
    /// <param name="tag">The tag in its quotes.</param>
    public static bool Matches(StringValues ifNoneMatch, ReadOnlySpan<char> tag)
    {
        foreach (var value in ifNoneMatch)
        {
            foreach (var part in value.AsSpan().Split(','))
            {
                var given = value.AsSpan()[part].Trim();
                if (given.StartsWith("W/", StringComparison.Ordinal))
                {
                    given = given[2..];
                }

                if (given.SequenceEqual(tag) || given is "*")
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Reads <c>If-Match</c> of a write: the revision of the scope itself that it was based on.</summary>
    /// <param name="value">Such as <c>"s12.o5.w3"</c>, <c>"3"</c>, or <c>*</c>.</param>
    /// <param name="kind">The kind of scope that is written.</param>
    /// <param name="revision">The revision; null for <c>*</c>.</param>
    /// <param name="epoch">The epoch that the tag is of; null where it says none.</param>
    /// <returns>False where it is none of these.</returns>
    public static bool TryReadRevision(string value, ScopeKind kind, out long? revision, out int? epoch)
    {
        (revision, epoch) = (null, null);
        if (value is "*")
        {
            return true;
        }

        if (value.Length < 3 || value[0] != '"' || value[^1] != '"')
        {
            return false;
        }

        var tag = value.AsSpan(1, value.Length - 2);
        if (MapVersion.TryParse(tag, out var version) && version.Kind == kind)
        {
            (revision, epoch) = (version.Own, version.Epoch);
        }
        else if (long.TryParse(tag, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var bare))
        {
            revision = bare;
        }

        return revision is not null;
    }

    private static int Format(MapVersion version, Span<byte> ascii, Span<char> tag)
    {
        var length = version.Format(ascii);
        tag[0] = '"';
        for (var i = 0; i < length; i++)
        {
            tag[i + 1] = (char)ascii[i];
        }

        tag[length + 1] = '"';
        return length + 2;
    }
}
