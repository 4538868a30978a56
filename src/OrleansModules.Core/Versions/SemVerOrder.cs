using NuGet.Versioning;

namespace OrleansModules.Core.Versions;

/// <summary>Precedence of versions as SemVer 2 has it (section 11).</summary>
/// <remarks>
/// The package that parses versions compares pre-release labels without regard to case and takes numbers beyond 32 bits, such as
/// time stamps, for text.
/// </remarks>
public static class SemVerOrder
{
    /// <summary>Below zero where the first comes before the second, zero where neither does. Build metadata does not count.</summary>
    public static int Compare(SemanticVersion first, SemanticVersion second)
    {
        var order = first.Major.CompareTo(second.Major);
        order = order != 0 ? order : first.Minor.CompareTo(second.Minor);
        order = order != 0 ? order : first.Patch.CompareTo(second.Patch);
        if (order != 0 || !first.IsPrerelease || !second.IsPrerelease)
        {
            return order != 0 ? order : second.IsPrerelease.CompareTo(first.IsPrerelease);
        }

        using var theirs = second.ReleaseLabels.GetEnumerator();
        foreach (var label in first.ReleaseLabels)
        {
            if (!theirs.MoveNext())
            {
                return 1;
            }

            order = CompareLabels(label, theirs.Current);
            if (order != 0)
            {
                return order;
            }
        }

        return theirs.MoveNext() ? -1 : 0;
    }

    // Numbers have no leading zeros, so the longer one is the greater; a number comes before text.
    private static int CompareLabels(string first, string second)
    {
        var (isNumber, otherIsNumber) = (first.All(char.IsAsciiDigit), second.All(char.IsAsciiDigit));
        if (isNumber != otherIsNumber)
        {
            return isNumber ? -1 : 1;
        }

        return isNumber && first.Length != second.Length ? first.Length.CompareTo(second.Length) : string.CompareOrdinal(first, second);
    }
}
