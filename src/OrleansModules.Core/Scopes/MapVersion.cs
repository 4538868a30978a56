using System.Buffers.Text;
using System.Globalization;

namespace OrleansModules.Core.Scopes;

/// <summary>
/// The vector of revisions an effective map was resolved from, written <c>s12</c>, <c>s12.o5</c> or <c>s12.o5.w3</c>; after the record was
/// restored from a backup with its epoch before it, <c>e1.s12.o5.w3</c>.
/// </summary>
/// <param name="Kind">The level of the scope that was read; says which components count.</param>
/// <param name="System">Revision of the system scope.</param>
/// <param name="Org">Revision of the organization; 0 where <paramref name="Kind"/> is the system.</param>
/// <param name="Workspace">Revision of the workspace; 0 unless <paramref name="Kind"/> is a workspace.</param>
/// <param name="Epoch">The epoch of the record: 0 until a backup was restored. A later epoch is newer whatever the revisions are.</param>
/// <remarks>Immutable value. Components never go down for one scope on one node (law L7).</remarks>
public readonly record struct MapVersion(ScopeKind Kind, long System, long Org, long Workspace, int Epoch = 0)
{
    /// <summary>Room that the longest version needs, in bytes of ASCII: three 19-digit numbers, four letters, three dots, and a 10-digit one.</summary>
    public const int MaxLength = 74;

    /// <summary>The component of the scope that was read itself.</summary>
    public long Own => Kind switch
    {
        ScopeKind.Org => Org,
        ScopeKind.Workspace => Workspace,
        _ => System,
    };

    /// <summary>Whether this version includes everything that <paramref name="wanted"/> includes.</summary>
    /// <remarks>Components below this version's own level are ignored: a workspace's version can be asked of its organization.</remarks>
    public bool IsAtLeast(MapVersion wanted) =>
        Epoch != wanted.Epoch
            ? Epoch > wanted.Epoch
            : System >= wanted.System
                && (Kind < ScopeKind.Org || Org >= wanted.Org)
                && (Kind < ScopeKind.Workspace || Workspace >= wanted.Workspace);

    /// <summary>Reads the form that <see cref="ToString"/> writes; no leading zeros, no signs.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MapVersion version)
    {
        version = default;
        var epoch = 0;
        if (text.StartsWith("e", StringComparison.Ordinal))
        {
            var dot = text.IndexOf('.');
            if (dot < 2 || text[1] == '0' || !int.TryParse(text[1..dot], NumberStyles.None, CultureInfo.InvariantCulture, out epoch))
            {
                return false;
            }

            text = text[(dot + 1)..];
        }

        Span<Range> parts = stackalloc Range[4];
        var count = text.Split(parts, '.');
        if (count is < 1 or > 3)
        {
            return false;
        }

        Span<long> revisions = stackalloc long[3];
        revisions.Clear();
        for (var i = 0; i < count; i++)
        {
            var part = text[parts[i]];
            if (part.Length < 2 || part[0] != "sow"[i] || (part[1] == '0' && part.Length > 2)
                || !long.TryParse(part[1..], NumberStyles.None, CultureInfo.InvariantCulture, out revisions[i]))
            {
                return false;
            }
        }

        version = new MapVersion((ScopeKind)(count - 1), revisions[0], revisions[1], revisions[2], epoch);
        return true;
    }

    /// <summary>Writes the version as ASCII.</summary>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>The number of bytes written.</returns>
    public int Format(Span<byte> destination)
    {
        var length = 0;
        if (Epoch > 0)
        {
            length = Component((byte)'e', Epoch, destination);
            destination[length++] = (byte)'.';
        }

        length += Component((byte)'s', System, destination[length..]);
        if (Kind >= ScopeKind.Org)
        {
            destination[length++] = (byte)'.';
            length += Component((byte)'o', Org, destination[length..]);
        }

        if (Kind >= ScopeKind.Workspace)
        {
            destination[length++] = (byte)'.';
            length += Component((byte)'w', Workspace, destination[length..]);
        }

        return length;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> ascii = stackalloc byte[MaxLength];
        return global::System.Text.Encoding.ASCII.GetString(ascii[..Format(ascii)]);
    }

    private static int Component(byte letter, long revision, Span<byte> destination)
    {
        destination[0] = letter;
        Utf8Formatter.TryFormat(revision, destination[1..], out var digits);
        return digits + 1;
    }
}
