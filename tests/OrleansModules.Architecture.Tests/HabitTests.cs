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

    [GeneratedRegex("""\[(?:[A-Za-z]+, )?Requirement\("(?<id>[^"]*)"[^\]]*\)\]""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Citation();

    [GeneratedRegex("^([A-K][1-9][0-9]?|L[1-9])$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();
}
