using System.Text.RegularExpressions;

namespace OrleansModules.Architecture.Tests;

public sealed partial class HabitTests
{
    [Fact]
    public void Solution_has_its_three_configurations()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "OrleansModules.sln"));
        Assert.All(["Debug", "Release", "Cluster"], c => Assert.Contains($"{c}|Any CPU = {c}|Any CPU", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Tests_cite_requirements_by_their_ids()
    {
        var cited = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Citation().Matches(File.ReadAllText(file)).Select(m => (File: file, Id: m.Groups["id"].Value)))
            .ToList();
        Assert.NotEmpty(cited);
        Assert.All(cited, c => Assert.True(Id().IsMatch(c.Id), $"{c.File}: '{c.Id}' is no id of a requirement or law"));
    }

    [Fact]
    public void Every_invariant_of_the_cluster_is_named_by_a_test_and_tests_name_no_other()
    {
        var stated = Statement().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "cluster.md"))).Select(m => m.Groups["id"].Value).ToHashSet(StringComparer.Ordinal);
        var named = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .SelectMany(file => Naming().Matches(File.ReadAllText(file)).Select(m => m.Groups["id"].Value)).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(stated.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("""^\| (?<id>I[0-9]+) \|""", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Statement();

    [GeneratedRegex("""^ *\[Invariant\("(?<id>[^"]*)"\)\]""", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Naming();

    [GeneratedRegex("""\[(?:[A-Za-z]+, )?Requirement\("(?<id>[^"]*)"[^\]]*\)\]""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Citation();

    [GeneratedRegex("^([A-K][1-9][0-9]?|L[1-9])$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();
}
