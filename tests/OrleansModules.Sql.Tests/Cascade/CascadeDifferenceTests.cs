using OrleansModules.Core.Tests.Generators;

namespace OrleansModules.Sql.Tests.Cascade;

public sealed class CascadeDifferenceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Worlds = 10_000;
    private const int PerRoundTrip = 250;

    [Fact]
    [Requirement("B6")]
    [Requirement("B7")]
    [Requirement("B8")]
    [Requirement("B9")]
    [Requirement("L1")]
    [Requirement("L2")]
    [Requirement("L4")]
    [Requirement("L5")]
    [Requirement("L6")]
    [Requirement("L9")]
    public async Task Cascade_in_sql_and_in_the_resolver_give_the_same_for_random_worlds()
    {
        var seed = Random.Shared.Next(int.MaxValue - Worlds);
        foreach (var seeds in Enumerable.Range(seed, Worlds).Chunk(PerRoundTrip))
        {
            var worlds = seeds.Select(s => new Dice(s)).Select(d => (World: d.World(), Module: d.Pick(Dice.Modules))).ToList();
            var answers = await new SqlWorlds(database).AskAsync(worlds);
            Assert.Equal(worlds.Count, answers.Count);
            foreach (var ((world, module), answer, at) in worlds.Zip(answers, seeds))
            {
                var (_, org, workspace) = world.Resolve();
                Check(SqlWorlds.Expect(org), answer[0], "organization", at, world);
                Check(SqlWorlds.Expect(workspace), answer[1], "workspace", at, world);
                Check(SqlWorlds.Expect(org.Find(module)), answer[2], $"{module} of the organization", at, world);
                Check(SqlWorlds.Expect(workspace.Find(module)), answer[3], $"{module} of the workspace", at, world);
            }
        }
    }

    private static void Check(string expected, string answer, string what, int seed, World world)
    {
        var actual = SqlWorlds.Canonical(answer);
        if (expected != actual)
        {
            Assert.Fail($"Seed {seed}, {what}:\nresolver {expected}\nSQL      {actual}\n{world}");
        }
    }
}
