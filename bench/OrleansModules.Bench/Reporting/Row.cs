namespace OrleansModules.Bench.Reporting;

/// <summary>One line of a result.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Figure">What the product reached.</param>
/// <param name="Yardstick">What the yardstick reached in the same run; empty where there is none.</param>
/// <param name="Ratio">Product to yardstick; empty where there is none.</param>
/// <param name="Target">What it has to reach; empty where the figure is only reported.</param>
/// <param name="IsMet">Whether it does; null where there is no target.</param>
internal sealed record Row(string What, string Figure, string Yardstick, string Ratio, string Target, bool? IsMet)
{
    /// <summary>A figure without target or yardstick.</summary>
    public static Row Only(string what, string figure) => new(what, figure, "", "", "", null);

    /// <summary>A figure that may be at most its target.</summary>
    public static Row AtMost(string what, double figure, double target, string unit, string format = "N0") =>
        new(what, Figures.With(figure, unit, format), "", "", "<= " + Figures.With(target, unit, "#,0.##"), figure <= target);

    /// <summary>A rate that is to be at least a part of the yardstick's; without target where <paramref name="target"/> is null.</summary>
    public static Row Rate(string what, double figure, double yardstick, string unit, double? target) =>
        Rate(what, figure, yardstick, figure / yardstick, unit, target);

    /// <summary>Rates of rounds in which product and yardstick took turns. The speed of a machine drifts: each round is compared with the one beside it.</summary>
    public static Row Rate(string what, IReadOnlyList<double> figures, IReadOnlyList<double> yardsticks, string unit, double? target) =>
        Rate(what, Figures.Median(figures), Figures.Median(yardsticks), Figures.Median([.. figures.Zip(yardsticks, (ours, theirs) => ours / theirs)]), unit, target);

    private static Row Rate(string what, double figure, double yardstick, double ratio, string unit, double? target) =>
        new(what, Figures.With(figure, unit, "N0"), Figures.With(yardstick, unit, "N0"), Figures.Ratio(ratio), target is { } t ? ">= " + Figures.Ratio(t) : "",
            target is { } least ? ratio >= least : null);
}
