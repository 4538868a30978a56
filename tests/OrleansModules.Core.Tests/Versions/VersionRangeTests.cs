using NuGet.Versioning;
using OrleansModules.Core.Tests.Generators;
using VersionRange = OrleansModules.Core.Versions.VersionRange;

namespace OrleansModules.Core.Tests.Versions;

[Requirement("L6", "ranges as npm reads them")]
public sealed class VersionRangeTests
{
    // One row: a range, then versions inside, then versions outside. The pairs are those that npm's own range tests hold to be true in
    // strict mode, gathered by range, and some of their neighbours.
    public static TheoryData<string, string, string> Ranges => new()
    {
        // Exact versions, with and without the sign; build metadata never counts.
        { "1.0.0", "1.0.0 1.0.0+build", "1.0.1 0.9.9 1.0.0-rc" },
        { "=1.2.3", "1.2.3 1.2.3+a", "1.2.3-beta 1.2.4" },
        { "1.2.3+other", "1.2.3 1.2.3+build", "1.2.4" },
        { "v1.2.3", "1.2.3", "1.2.2" },
        { "1.2.3-beta.2", "1.2.3-beta.2", "1.2.3-beta.1 1.2.3 1.2.3-beta" },

        // Everything.
        { "x.x", "1.0.0 0.0.0", "1.2.3-foo" },
        { "x", "1.2.3 0.0.0", "1.2.3-foo" },
        { "X", "1.2.3", "1.2.3-foo" },
        { "x.x.x", "1.2.3", "1.2.3-foo" },
        { ">=*", "0.2.4 0.0.0", "0.2.4-foo" },
        { "<=*", "0.2.4", "0.2.4-foo" },
        { "||", "1.3.4", "1.3.4-foo" },
        { "~x", "0.0.9 5.0.0", "0.0.9-a" },
        { "^x", "1.2.3", "1.2.3-a" },
        { ">*", "", "0.0.0 1.0.0 99.0.0 0.0.0-0" },
        { "<*", "", "0.0.0 1.0.0 0.0.0-0" },

        // Bounds.
        { ">=1.0.0", "1.0.0 1.0.1 1.1.0 2.0.0", "0.0.0 0.0.1 0.1.0 0.9999.9999 1.0.0-rc" },
        { ">1.0.0", "1.0.1 1.1.0", "0.0.1 0.1.0 1.0.0 1.0.1-rc" },
        { "<=2.0.0", "2.0.0 1.9999.9999 0.2.9", "3.0.0 2.9999.9999 2.2.9 2.0.0-rc" },
        { "<2.0.0", "1.9999.9999 0.2.9", "2.0.0 2.9999.9999 2.2.9 2.0.0-rc" },
        { ">=   1.0.0", "1.0.0 1.0.1 1.1.0", "0.9.9" },
        { ">  1.0.0", "1.0.1 1.1.0", "1.0.0" },
        { "<=   2.0.0", "2.0.0 1.9999.9999 0.2.9", "2.0.1" },
        { "<\t2.0.0", "0.2.9 1.9999.9999", "2.0.0" },
        { ">=0.1.97", "0.1.97", "0.1.93" },
        { "<=1.2.3", "1.2.3 1.2.2", "1.2.3-beta 1.2.4" },
        { "<1.2.3", "1.2.2", "1.2.3-beta 1.2.3" },
        { ">=1", "1.0.0 2.0.0", "0.9.0 1.0.0-a" },
        { ">= 1", "1.0.0", "0.9.0" },
        { "<1", "0.9.9", "1.0.0 1.0.0-beta" },
        { "< 1", "0.9.9", "1.0.0 1.0.0-beta" },
        { "<1.2", "1.1.1", "1.2.0 1.2.0-beta" },
        { "< 1.2", "1.1.1", "1.2.1" },
        { ">=1.2", "1.2.8 1.2.0", "1.1.1 1.2.0-a" },
        { ">1.2", "1.3.0 2.0.0", "1.2.8 1.2.0 1.3.0-beta" },
        { ">1", "2.0.0", "1.9.9 1.0.0 2.0.0-rc" },
        { "<=1", "1.9.9 0.1.0", "2.0.0 2.0.0-rc" },
        { "<=7.x", "7.9.9 7.0.0", "8.0.0 8.0.0-0" },
        { "=0.7.x", "0.7.2 0.7.0", "0.8.2 0.7.0-asdf 0.6.9" },
        { "<=0.7.x", "0.7.2 0.6.2", "0.8.0" },
        { ">=0.7.x", "0.7.2 0.8.0", "0.6.2 0.7.0-asdf" },
        { "<0.7.x", "0.6.9", "0.7.2 0.7.0" },
        { ">0.7.x", "0.8.0", "0.7.9" },
        { ">=1.0.0-rc.1", "1.0.0-rc.1 1.0.0-rc.2 1.0.0 2.0.0", "1.0.0-beta 1.0.1-rc.1 2.0.0-rc.1" },
        { "<1.0.0-rc.1", "1.0.0-beta 0.9.0", "1.0.0-rc.1 1.0.0 0.9.0-beta" },

        // Any part open.
        { "2", "2.1.2 2.0.0", "1.1.2 3.0.0 3.0.0-rc 2.0.0-rc" },
        { "2.3", "2.3.1 2.3.0", "2.4.1 2.2.9" },
        { "2.x.x", "2.1.3", "1.1.3 3.1.3" },
        { "2.*.*", "2.1.3", "1.1.3 3.1.3" },
        { "2.x", "2.0.0", "3.0.0-pre.0 2.0.0-pre.0 2.1.0-pre.0" },
        { "1.2.x", "1.2.3 1.2.0", "1.3.3 1.1.9" },
        { "1.2.*", "1.2.3", "1.3.3" },
        { "1.2.x || 2.x", "2.1.3 1.2.3", "3.1.3 1.1.3 1.3.0" },
        { "1.2.* || 2.*", "2.1.3 1.2.3", "3.1.3 1.1.3" },

        // Either.
        { "0.1.20 || 1.2.4", "1.2.4 0.1.20", "1.2.3 0.1.21" },
        { "0.1.20||1.2.4", "1.2.4 0.1.20", "1.2.3" },
        { ">=0.2.3 || <0.0.1", "0.0.0 0.2.3 0.2.4", "0.0.3 0.2.2 0.0.1" },
        { "^1.0.0 || ^2.0.0-rc.1", "1.5.0 2.0.0-rc.2 2.0.0", "1.0.0-rc.1 2.1.0-rc.1 3.0.0" },

        // From - to, both ends included.
        { "1.0.0 - 2.0.0", "1.2.3 1.0.0 2.0.0", "2.2.3 2.0.1 0.9.9 1.0.0-rc 2.0.0-rc" },
        { "1.2.3-pre+asdf - 2.4.3-pre+asdf", "1.2.3 1.2.3-pre.2 2.4.3-alpha 2.4.2", "2.4.3 1.2.3-alpha 1.2.2 2.4.3-prf" },
        { "1.2.3+asdf - 2.4.3+asdf", "1.2.3 2.4.3", "1.2.3-pre.2 2.4.3-alpha" },
        { "1.2 - 2.3.0", "1.2.0 2.3.0", "1.1.9 2.3.1" },
        { "1.2.3 - 2.3", "2.3.9 1.2.3", "2.4.0 2.4.0-a 1.2.2" },
        { "1.2.3 - 2", "2.9.9", "3.0.0 3.0.0-a" },
        { "x - 1.0.0", "0.9.7 1.0.0", "1.0.1" },
        { "x - 1.x", "0.9.7 1.9.9", "2.0.0" },
        { "1.0.0 - x", "1.9.7 9.0.0", "0.9.9" },
        { "1.x - x", "1.9.7", "0.9.9" },
        { "1.0.0 - 1.5.0 || 3.x", "1.5.0 3.9.0", "1.5.1 2.0.0" },

        // Tilde.
        { "~0.0.1", "0.0.1 0.0.2", "0.1.0-alpha 0.1.0 0.0.0" },
        { "~2", "2.0.9 2.9.0", "3.0.0 1.9.9" },
        { "~2.4", "2.4.0 2.4.5", "2.5.0 2.3.9 2.4.0-a" },
        { "~>3.2.1", "3.2.2 3.2.1", "3.3.2 3.2.0" },
        { "~1", "1.2.3", "0.2.3 2.2.3" },
        { "~>1", "1.2.3", "2.2.3" },
        { "~> 1", "1.2.3", "2.2.3" },
        { "~1.0", "1.0.2", "1.1.0" },
        { "~ 1.0", "1.0.2", "1.1.0" },
        { "~ 1.0.3", "1.0.12 1.0.3", "1.0.2 1.1.0" },
        { "~v0.5.4-pre", "0.5.5 0.5.4 0.5.4-pre", "0.5.5-pre 0.6.0" },
        { "~v0.5.4-beta", "0.5.4-beta 0.5.4-rc 0.5.4", "0.5.4-alpha 0.6.0" },
        { "~0", "0.9.9", "1.0.0" },
        { "~1.2.3-beta.2", "1.2.3-beta.2 1.2.3-beta.4 1.2.3 1.2.9", "1.2.4-beta.2 1.3.0 1.2.3-beta.1" },

        // Caret.
        { "^1.2.3", "1.8.1 1.2.3", "1.2.3-pre 1.2.3-beta 2.0.0-alpha 1.2.2 2.0.0" },
        { "^1.2.3+build", "1.2.3 1.3.0", "2.0.0 1.2.0" },
        { "^0.1.2", "0.1.2 0.1.9", "0.2.0 0.1.1" },
        { "^0.1", "0.1.2 0.1.0", "0.2.0" },
        { "^0.0.1", "0.0.1", "0.0.2-alpha 0.0.2 0.1.0" },
        { "^0.0", "0.0.5", "0.1.0" },
        { "^0", "0.9.9 0.0.0", "1.0.0" },
        { "^0.x", "0.9.9", "1.0.0" },
        { "^0.0.x", "0.0.9", "0.1.0" },
        { "^1.x", "1.4.2", "2.0.0" },
        { "^1.2", "1.4.2 1.2.0", "1.2.0-pre 1.1.9 2.0.0" },
        { "^1.2 ^1", "1.4.2", "1.1.0 2.0.0" },
        { "^1.2.3-alpha", "1.2.3-pre 1.2.3-alpha 1.9.0", "1.2.4-pre 2.0.0" },
        { "^1.2.0-alpha", "1.2.0-pre 1.2.0", "1.2.1-pre" },
        { "^0.0.1-alpha", "0.0.1-beta 0.0.1 0.0.1-alpha", "0.0.2 0.0.2-alpha" },
        { "^0.1.1-alpha", "0.1.1-beta 0.1.1", "0.1.2-beta 0.2.0" },
        { "^1.0.0", "1.0.0", "2.0.0-rc1 1.0.0-rc1 1.0.1-rc1 1.1.0-rc1" },

        // All of several.
        { "~1.2.1 >=1.2.3", "1.2.3", "1.2.2 1.3.0" },
        { "~1.2.1 =1.2.3", "1.2.3", "1.2.4" },
        { "~1.2.1 1.2.3", "1.2.3", "1.2.1" },
        { "~1.2.1 >=1.2.3 1.2.3", "1.2.3", "1.2.4" },
        { "~1.2.1 1.2.3 >=1.2.3", "1.2.3", "1.2.4" },
        { ">=1.2.1 1.2.3", "1.2.3", "1.2.2" },
        { "1.2.3 >=1.2.1", "1.2.3", "1.2.1" },
        { ">=1.2.3 >=1.2.1", "1.2.3", "1.2.2" },
        { ">=1.2.1 >=1.2.3", "1.2.3 9.0.0", "1.2.2" },
        { ">=1.0.0 <2.0.0", "1.0.0 1.9.9", "2.0.0 0.9.9 2.0.0-rc" },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Range_holds_what_npm_says_it_holds(string range, string inside, string outside)
    {
        var parsed = VersionRange.Parse(range);
        Assert.All(Split(inside), v => Assert.True(parsed.Contains(SemanticVersion.Parse(v)), $"'{range}' should contain {v}"));
        Assert.All(Split(outside), v => Assert.False(parsed.Contains(SemanticVersion.Parse(v)), $"'{range}' should not contain {v}"));
    }

    [Fact]
    public void Table_of_ranges_is_as_large_as_it_claims()
    {
        Assert.True(Ranges.Sum(r => Split((string)r[1]).Length) >= 60);
        Assert.True(Ranges.Sum(r => Split((string)r[2]).Length) >= 60);
    }

    [Theory]
    [InlineData("not a range")]
    [InlineData("1.2.3.4")]
    [InlineData("01.2.3")]
    [InlineData("1.02.3")]
    [InlineData("1.2.3-01")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3-a..b")]
    [InlineData("1.2.3beta")]
    [InlineData(">>1.0.0")]
    [InlineData(">=")]
    [InlineData("^")]
    [InlineData("1.0.0 -")]
    [InlineData("1.0.0 - 2.0.0 - 3.0.0")]
    [InlineData("1.0.0,2.0.0")]
    [InlineData("[1.0.0,2.0.0)")]
    [InlineData("1.0.0 | 2.0.0")]
    [InlineData("99999999999.0.0")]
    [InlineData("2147483647.0.0")]
    [InlineData("^1.2147483647.0")]
    [InlineData("-1.0.0")]
    [InlineData("1.0.0 foo")]
    [InlineData("latest")]
    public void Text_that_is_no_range_is_refused(string text)
    {
        Assert.False(VersionRange.TryParse(text, out var range));
        Assert.Null(range);
        Assert.Throws<FormatException>(() => VersionRange.Parse(text));
    }

    [Fact]
    public void Null_and_long_text_are_refused()
    {
        Assert.False(VersionRange.TryParse(null, out _));
        Assert.True(VersionRange.TryParse(string.Join(" || ", Enumerable.Repeat("1.2.3", 28)), out _));
        Assert.False(VersionRange.TryParse(new string('1', 257), out _));
        Assert.False(VersionRange.TryParse(string.Join(" || ", Enumerable.Repeat("1.2.3", 40)), out _));
    }

    [Fact]
    public void Range_without_bound_takes_prereleases_and_keeps_doing_so_after_it_was_written_and_read()
    {
        var prerelease = SemanticVersion.Parse("2.0.0-beta.1");
        Assert.True(VersionRange.Any.Contains(prerelease));
        Assert.True(VersionRange.Parse(VersionRange.Any.ToString()).Contains(prerelease));
        Assert.Equal(VersionRange.Any, VersionRange.Parse("*"));
    }

    [Fact]
    public void Equal_ranges_contain_the_same_versions_and_survive_their_text() => Laws.HoldForDice(300, dice =>
    {
        var text = (string)dice.Pick(Ranges.ToList())[0];
        var version = SemanticVersion.Parse(dice.Pick(Ranges.SelectMany(r => Split((string)r[1] + " " + (string)r[2])).ToList()));
        var range = VersionRange.Parse(text);
        var again = VersionRange.Parse(range.ToString());
        Assert.Equal(range, again);
        Assert.Equal(range.GetHashCode(), again.GetHashCode());
        Assert.Equal(range.Contains(version), again.Contains(version));
    });

    private static string[] Split(string versions) => versions.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
