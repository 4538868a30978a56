using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using NuGet.Versioning;
using static OrleansModules.Core.Versions.VersionRange;

namespace OrleansModules.Core.Versions;

/// <summary>Turns the npm range notation into bounds.</summary>
internal static partial class RangeParser
{
    /// <summary>Reads the alternatives of a range; an alternative without bounds takes every release.</summary>
    public static bool TryParse(string text, out ImmutableArray<ImmutableArray<Comparator>> alternatives)
    {
        var all = ImmutableArray.CreateBuilder<ImmutableArray<Comparator>>();
        alternatives = [];
        foreach (var alternative in text.Split("||"))
        {
            var bounds = ImmutableArray.CreateBuilder<Comparator>();
            if (!TryParseAlternative(alternative.Trim(), bounds))
            {
                return false;
            }

            all.Add(bounds.ToImmutable());
        }

        alternatives = all.ToImmutable();
        return true;
    }

    private static bool TryParseAlternative(string text, ImmutableArray<Comparator>.Builder bounds)
    {
        var hyphen = HyphenPattern().Match(text);
        if (hyphen.Success)
        {
            return TryAdd(">=", hyphen.Groups["from"].Value, bounds) && TryAdd("<=", hyphen.Groups["to"].Value, bounds);
        }

        var matches = TermPattern().Matches(text);
        var covered = 0;
        foreach (Match match in matches)
        {
            if (!string.IsNullOrWhiteSpace(text[covered..match.Index]) || !TryAdd(match.Groups["op"].Value, match.Groups["version"].Value, bounds))
            {
                return false;
            }

            covered = match.Index + match.Length;
        }

        return string.IsNullOrWhiteSpace(text[covered..]);
    }

    private static bool TryAdd(string op, string text, ImmutableArray<Comparator>.Builder bounds)
    {
        var match = PartialPattern().Match(text);
        if (!match.Success || !TryNumber(match.Groups["major"], out var major) || !TryNumber(match.Groups["minor"], out var minor)
            || !TryNumber(match.Groups["patch"], out var patch))
        {
            return false;
        }

        minor = major is null ? null : minor;
        patch = minor is null ? null : patch;
        var release = patch is null ? "" : match.Groups["pre"].Value;
        if (release.Length > 0 && release.Split('.').Any(l => l.Length == 0 || (l.Length > 1 && l[0] == '0' && l.All(char.IsAsciiDigit))))
        {
            return false;
        }

        var low = Version(major ?? 0, minor ?? 0, patch ?? 0, release);
        switch (op)
        {
            case "^":
                AddSpan(bounds, major is null ? null : low, CaretEnd(major, minor, patch));
                break;
            case "~" or "~>":
                AddSpan(bounds, major is null ? null : low, minor is null ? NextMajor(major) : Version(major!.Value, minor.Value + 1, 0, "0"));
                break;
            case "" or "=":
                if (patch is not null)
                {
                    bounds.Add(new Comparator(Relation.Equal, low));
                }
                else
                {
                    AddSpan(bounds, major is null ? null : low, NextOf(major, minor));
                }

                break;
            case ">":
                AddGreater(bounds, low, major, minor, patch);
                break;
            case ">=":
                AddSpan(bounds, major is null ? null : low, null);
                break;
            case "<":
                bounds.Add(new Comparator(Relation.Less, patch is null ? Version(major ?? 0, minor ?? 0, 0, "0") : low));
                break;
            default:
                if (patch is not null)
                {
                    bounds.Add(new Comparator(Relation.LessOrEqual, low));
                }
                else
                {
                    AddSpan(bounds, null, NextOf(major, minor));
                }

                break;
        }

        return true;
    }

    private static void AddGreater(ImmutableArray<Comparator>.Builder bounds, SemanticVersion low, int? major, int? minor, int? patch)
    {
        if (patch is not null)
        {
            bounds.Add(new Comparator(Relation.Greater, low));
        }
        else if (NextOf(major, minor) is { } next)
        {
            bounds.Add(new Comparator(Relation.GreaterOrEqual, new SemanticVersion(next.Major, next.Minor, next.Patch)));
        }
        else
        {
            // Greater than everything: nothing is.
            bounds.Add(new Comparator(Relation.Less, Version(0, 0, 0, "0")));
        }
    }

    private static void AddSpan(ImmutableArray<Comparator>.Builder bounds, SemanticVersion? from, SemanticVersion? before)
    {
        if (from is not null)
        {
            bounds.Add(new Comparator(Relation.GreaterOrEqual, from));
        }

        if (before is not null)
        {
            bounds.Add(new Comparator(Relation.Less, before));
        }
    }

    private static SemanticVersion? CaretEnd(int? major, int? minor, int? patch) => (major, minor, patch) switch
    {
        (null, _, _) => null,
        ( > 0, _, _) or (0, null, _) => NextMajor(major),
        (0, > 0, _) or (0, 0, null) => Version(0, minor!.Value + 1, 0, "0"),
        _ => Version(0, 0, patch!.Value + 1, "0"),
    };

    private static SemanticVersion? NextOf(int? major, int? minor) =>
        major is null ? null : minor is null ? NextMajor(major) : Version(major.Value, minor.Value + 1, 0, "0");

    private static SemanticVersion? NextMajor(int? major) => major is null ? null : Version(major.Value + 1, 0, 0, "0");

    private static SemanticVersion Version(int major, int minor, int patch, string release) =>
        release.Length == 0 ? new SemanticVersion(major, minor, patch) : new SemanticVersion(major, minor, patch, release);

    private static bool TryNumber(Group group, out int? number)
    {
        number = null;
        if (!group.Success || group.Value is "x" or "X" or "*")
        {
            return true;
        }

        if (!int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value == int.MaxValue)
        {
            return false;
        }

        number = value;
        return true;
    }

    [GeneratedRegex(@"^\s*(?<from>\S+)\s+-\s+(?<to>\S+)\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HyphenPattern();

    [GeneratedRegex(@"(?<op>\^|~>|~|>=|<=|>|<|=|)\s*(?<version>[0-9A-Za-z*][0-9A-Za-z.*+-]*)(?=\s|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TermPattern();

    [GeneratedRegex(@"^v?(?<major>0|[1-9][0-9]*|[xX*])(\.(?<minor>0|[1-9][0-9]*|[xX*])(\.(?<patch>0|[1-9][0-9]*|[xX*])(-(?<pre>[0-9A-Za-z.-]+))?(\+[0-9A-Za-z.-]+)?)?)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PartialPattern();
}
