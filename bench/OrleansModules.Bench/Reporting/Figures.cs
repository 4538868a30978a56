using System.Globalization;

namespace OrleansModules.Bench.Reporting;

/// <summary>Numbers as results show them.</summary>
internal static class Figures
{
    /// <summary>The middle of some values.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The smallest of some values that a share of them does not exceed.</summary>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    /// <summary>A number with its unit.</summary>
    public static string With(double value, string unit, string format = "N1") => value.ToString(format, CultureInfo.InvariantCulture) + " " + unit;

    /// <summary>A ratio.</summary>
    public static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>The smallest and the largest of some values.</summary>
    public static string Spread(IEnumerable<double> values, string format = "0.00")
    {
        var all = values.ToArray();
        return $"{all.Min().ToString(format, CultureInfo.InvariantCulture)} to {all.Max().ToString(format, CultureInfo.InvariantCulture)}";
    }
}
