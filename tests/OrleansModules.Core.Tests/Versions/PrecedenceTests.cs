using NuGet.Versioning;
using VersionRange = OrleansModules.Core.Versions.VersionRange;

namespace OrleansModules.Core.Tests.Versions;

[Requirement("L6", "precedence as SemVer 2, section 11, has it")]
public sealed class PrecedenceTests
{
    private static readonly string[] Ascending =
    [
        "0.0.0-0", "0.0.0", "1.0.0-0", "1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-99999999999", "1.0.0-100000000000", "1.0.0-20260101123456", "1.0.0--", "1.0.0-ALPHA", "1.0.0-Beta",
        "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.1.0", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
        "1.0.1-a", "1.0.1", "1.10.0", "2.0.0-rc", "2.0.0", "10.0.0",
    ];

    [Fact]
    public void Every_version_stands_above_all_before_it_and_below_all_after_it()
    {
        for (var i = 0; i < Ascending.Length; i++)
        {
            for (var j = 0; j < Ascending.Length; j++)
            {
                var (range, version) = (Ascending[i], SemanticVersion.Parse(Ascending[j]));

                // Both bounds name the pre-release, so that only precedence decides.
                var sameRelease = Ascending[i].Split('-')[0] == Ascending[j].Split('-')[0];
                if (version.IsPrerelease && !(sameRelease && Ascending[i].Contains('-')))
                {
                    continue;
                }

                Assert.True(VersionRange.Parse(">" + range).Contains(version) == j > i, $"{version} > {range}");
                Assert.True(VersionRange.Parse("<" + range).Contains(version) == j < i, $"{version} < {range}");
                Assert.True(VersionRange.Parse("=" + range).Contains(version) == (j == i), $"{version} = {range}");
            }
        }
    }
}
