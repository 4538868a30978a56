using FsCheck;
using FsCheck.Fluent;

namespace OrleansModules.Core.Tests.Generators;

/// <summary>Checks a property on many random inputs; a failure names the seed and is made simpler where that is possible.</summary>
internal static class Laws
{
    /// <summary>The property must hold for every world.</summary>
    public static void HoldForWorlds(int count, Action<World> property) =>
        Hold(count, Arb.From(Seeds.Select(seed => new Dice(seed).World()), world => world.Simpler()), property);

    /// <summary>The property must hold whatever the dice say.</summary>
    public static void HoldForDice(int count, Action<Dice> property) => Hold(count, Arb.From(Seeds), seed => property(new Dice(seed)));

    private static Gen<int> Seeds => Gen.Choose(0, int.MaxValue - 1);

    private static void Hold<T>(int count, Arbitrary<T> inputs, Action<T> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true), Prop.ForAll(inputs, property));
}
