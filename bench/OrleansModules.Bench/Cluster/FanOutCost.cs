using System.Diagnostics;
using OrleansModules.Bench.Reporting;

namespace OrleansModules.Bench.Cluster;

/// <summary>What a change of the system costs all silos together.</summary>
/// <param name="Silos">How many silos.</param>
/// <param name="Workspaces">How many workspaces each of them has hot.</param>
/// <param name="Pushes">Batches of changes that silos took, for each change.</param>
/// <param name="Messages">Messages of any kind between silos, for each change, less those of an idle cluster.</param>
/// <param name="Processor">Milliseconds of processor time for each change, less that of an idle cluster.</param>
/// <param name="Visible">Milliseconds until it was visible on all silos, median.</param>
internal sealed record FanOutCost(int Silos, int Workspaces, double Pushes, double Messages, double Processor, double Visible)
{
    private const double Target = 1.5;
    private const int WarmUp = 300;

    /// <summary>Measures a cluster.</summary>
    public static async Task<FanOutCost> MeasureAsync(BenchCluster cluster, int workspaces, int changes)
    {
        using var visibility = await Visibility.OpenAsync(cluster, workspaces);
        await visibility.ChangeAsync(WarmUp);
        var start = await CountAsync(cluster);
        var started = Stopwatch.GetTimestamp();
        var times = await visibility.ChangeAsync(changes);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var busy = (await CountAsync(cluster)).Less(start);

        // As long again with nothing to do.
        start = await CountAsync(cluster);
        await Task.Delay(elapsed, TimeProvider.System);
        var idle = (await CountAsync(cluster)).Less(start);
        var (pushes, messages, milliseconds) = busy.Less(idle);
        return new FanOutCost(cluster.Silos.Count, workspaces, pushes / changes, messages / changes, milliseconds / changes, Figures.Median(times));
    }

    /// <summary>Writes the line of this cluster.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="first">The same number of silos with the fewest workspaces; null where there is nothing to compare with.</param>
    public void Report(Report report, FanOutCost? first)
    {
        var what = $"{Silos} silos, {Workspaces:N0} workspaces: {Pushes:N2} pushes, {Messages:N1} messages of all kinds, {Visible:N2} ms until visible; processor time of all silos";
        var isCompared = first is not null && first != this;
        report.Add(new Row(
            what, Figures.With(Processor, "ms", "N2"), isCompared ? Figures.With(first!.Processor, "ms", "N2") : "", isCompared ? Figures.Ratio(Processor / first!.Processor) : "",
            isCompared ? $"<= {Figures.Ratio(Target)}, {Silos - 1} pushes" : $"{Silos - 1} pushes", Pushes <= Silos - 1 + 0.05 && (!isCompared || Processor / first!.Processor <= Target)));
    }

    private static async Task<Counts> CountAsync(BenchCluster cluster)
    {
        var all = await Task.WhenAll(cluster.Probes.Select(p => p.ReadAsync()));
        return new Counts(
            all.Sum(c => c.GetValueOrDefault(Probe.Pushes)), all.Sum(c => c.GetValueOrDefault(Probe.Messages)), all.Sum(c => c[Probe.Processor]) / 1000.0);
    }

    private readonly record struct Counts(double Pushes, double Messages, double Milliseconds)
    {
        public Counts Less(Counts other) => new(Pushes - other.Pushes, Messages - other.Messages, Milliseconds - other.Milliseconds);
    }
}
