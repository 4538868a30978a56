using NuGet.Versioning;
using OrleansModules.Core.Tests.Generators;
using OrleansModules.Core.Versions;
using VersionRange = OrleansModules.Core.Versions.VersionRange;

namespace OrleansModules.Sql.Tests.Cascade;

[Requirement("L6", "ranges as npm reads them")]
public sealed class VersionDifferenceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly string[] Numbers = ["0", "1", "2", "3", "10", "2147483646", "2147483647", "01"];
    private static readonly string[] Labels = ["0", "1", "2", "10", "99999999999999", "alpha", "alpha-1", "Alpha", "beta", "rc", "x", "-", "00", ""];
    private static readonly string[] Operators = ["", "", "", "^", "^", "~", "~>", "=", ">", ">=", "<", "<=", "^ ", ">=  ", "<\t", "!"];
    private static readonly string[] Between = [" ", "  ", " || ", "||", " - ", " - ", ",", ""];

    [Fact]
    public async Task Ranges_contain_in_sql_what_they_contain_in_the_service()
    {
        var dice = new Dice(Random.Shared.Next());
        var pairs = Enumerable.Range(0, 40_000).Select(_ => (Range: RangeText(dice), Version: Exact(dice))).Where(p => SemanticVersion.TryParse(p.Version, out _)).ToList();
        await using var command = database.Source.CreateCommand(
            "select mgmt_range_is_valid(r), mgmt_range_is_valid(r) and mgmt_range_contains(r, v) from unnest($1, $2) with ordinality as u (r, v, n) order by n");
        command.Parameters.Add(new NpgsqlParameter { Value = pairs.Select(p => p.Range).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = pairs.Select(p => p.Version).ToArray() });
        await using var reader = await command.ExecuteReaderAsync();
        var (valid, inside) = (0, 0);
        foreach (var (text, version) in pairs)
        {
            Assert.True(await reader.ReadAsync());
            var isRange = VersionRange.TryParse(text, out var range);
            var contains = isRange && range!.Contains(SemanticVersion.Parse(version));
            Assert.True(isRange == reader.GetBoolean(0), $"'{text}' is a range: service {isRange}");
            Assert.True(contains == reader.GetBoolean(1), $"'{text}' contains {version}: service {contains}");
            (valid, inside) = (valid + (isRange ? 1 : 0), inside + (contains ? 1 : 0));
        }

        Assert.True(valid > pairs.Count / 10 && inside > pairs.Count / 100, $"{valid} ranges, {inside} contained, of {pairs.Count}");
    }

    [Fact]
    public async Task Versions_have_the_same_precedence_in_sql_as_in_the_service()
    {
        var dice = new Dice(Random.Shared.Next());
        var pairs = Enumerable.Range(0, 20_000).Select(_ => (First: Exact(dice), Second: Exact(dice)))
            .Where(p => SemanticVersion.TryParse(p.First, out _) && SemanticVersion.TryParse(p.Second, out _)).ToList();
        await using var command = database.Source.CreateCommand("""
            select case when mgmt_version_key(a) collate "C" < mgmt_version_key(b) then -1 when mgmt_version_key(a) = mgmt_version_key(b) then 0 else 1 end
            from unnest($1, $2) with ordinality as u (a, b, n) order by n
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = pairs.Select(p => p.First).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = pairs.Select(p => p.Second).ToArray() });
        await using var reader = await command.ExecuteReaderAsync();
        foreach (var (first, second) in pairs)
        {
            Assert.True(await reader.ReadAsync());
            var order = Math.Sign(SemVerOrder.Compare(SemanticVersion.Parse(first), SemanticVersion.Parse(second)));
            Assert.True(order == reader.GetInt32(0), $"{first} and {second}: service {order}, SQL {reader.GetInt32(0)}");
        }
    }

    private static string RangeText(Dice dice)
    {
        var text = Term(dice);
        while (dice.Chance(40))
        {
            text += dice.Pick(Between) + Term(dice);
        }

        return dice.Chance(5) ? $" {text} " : text;
    }

    private static string Term(Dice dice) => dice.Chance(3) ? "" : dice.Pick(Operators) + (dice.Chance(3) ? "v" : "") + (dice.Chance(40) ? Exact(dice) : Partial(dice));

    private static string Partial(Dice dice) =>
        string.Join('.', Enumerable.Range(0, 1 + dice.Below(3)).Select(_ => dice.Chance(25) ? dice.Pick(["x", "X", "*"]) : Number(dice)));

    private static string Exact(Dice dice)
    {
        var text = $"{Number(dice)}.{Number(dice)}.{Number(dice)}";
        if (dice.Chance(40))
        {
            text += "-" + string.Join('.', Enumerable.Range(0, 1 + dice.Below(3)).Select(_ => dice.Pick(Labels)));
        }

        return dice.Chance(10) ? text + "+b.1" : text;
    }

    private static string Number(Dice dice) => dice.Chance(85) ? Numbers[dice.Below(4)] : dice.Pick(Numbers);
}
