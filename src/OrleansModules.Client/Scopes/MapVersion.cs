using System.Globalization;

namespace OrleansModules.Client;

/// <summary>
/// The revisions an effective map was resolved from, written <c>s12.o5</c> (an organization's) or <c>s12.o5.w3</c> (a workspace's); after the service's
/// record was restored from a backup with its epoch before it, <c>e1.s12.o5.w3</c>.
/// </summary>
/// <param name="System">Revision of the system.</param>
/// <param name="Org">Revision of the organization.</param>
/// <param name="Workspace">Revision of the workspace; null where an organization was read.</param>
/// <param name="Epoch">The epoch of the record: 0 until a backup was restored. A later epoch is newer whatever the revisions are.</param>
/// <remarks>Immutable value. There is no order between two versions of which each has a higher component: compare with <see cref="Includes"/>.</remarks>
public readonly record struct MapVersion(long System, long Org, long? Workspace, int Epoch = 0)
{
    /// <summary>Whether everything that <paramref name="other"/> was resolved from is in this version too: a later epoch, or no component lower.</summary>
    public bool Includes(MapVersion other) => Epoch != other.Epoch
        ? Epoch > other.Epoch
        : System >= other.System && Org >= other.Org && (Workspace ?? 0) >= (other.Workspace ?? 0);

    /// <summary>The lowest version that includes both.</summary>
    public MapVersion Join(MapVersion other) => Epoch != other.Epoch
        ? (Epoch > other.Epoch ? this : other)
        : new(
            Math.Max(System, other.System),
            Math.Max(Org, other.Org),
            Workspace is null && other.Workspace is null ? null : Math.Max(Workspace ?? 0, other.Workspace ?? 0),
            Epoch);

    /// <summary>Reads the form that <see cref="ToString"/> writes; no leading zeros, no signs.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MapVersion version)
    {
        version = default;
        long epoch = 0;
        if (text.StartsWith("e", StringComparison.Ordinal))
        {
            var dot = text.IndexOf('.');
            if (dot < 0 || !TryComponent(text[..dot], 'e', out epoch) || epoch is 0 or > int.MaxValue)
            {
                return false;
            }

            text = text[(dot + 1)..];
        }

        Span<Range> parts = stackalloc Range[4];
        var count = text.Split(parts, '.');
        if (count is not (2 or 3)
            || !TryComponent(text[parts[0]], 's', out var system)
            || !TryComponent(text[parts[1]], 'o', out var org))
        {
            return false;
        }

        long workspace = 0;
        if (count == 3 && !TryComponent(text[parts[2]], 'w', out workspace))
        {
            return false;
        }

        version = new MapVersion(system, org, count == 3 ? workspace : null, (int)epoch);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var epoch = Epoch == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"e{Epoch}.");
        var workspace = Workspace is { } own ? string.Create(CultureInfo.InvariantCulture, $".w{own}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{epoch}s{System}.o{Org}{workspace}");
    }

    private static bool TryComponent(ReadOnlySpan<char> part, char letter, out long revision)
    {
        revision = 0;
        return part.Length >= 2 && part[0] == letter && (part[1] != '0' || part.Length == 2)
            && long.TryParse(part[1..], NumberStyles.None, CultureInfo.InvariantCulture, out revision);
    }
}
