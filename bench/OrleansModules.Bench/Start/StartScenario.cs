using System.Globalization;
using OrleansModules.Bench.Data;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;
using OrleansModules.Storage.Journal;

namespace OrleansModules.Bench.Start;

/// <summary>Time from starting the server's process until it is ready, with many workspaces in the journal.</summary>
internal static class StartScenario
{
    private const double TargetMilliseconds = 3_000;
    private const int Modules = 200;
    private const int Orgs = 1_000;

    /// <summary>Starts product and yardstick in turn.</summary>
    public static async Task RunAsync(BenchArgs args, Report report)
    {
        var workspaces = args.Number("--workspaces", 100_000);
        var rounds = args.Number("--rounds", 5);
        args.RefuseOthers();

        using var directory = new TemporaryDirectory();
        report.Note($"Milliseconds from starting the process to the first 200 of /health/ready, median of {rounds} rounds; {workspaces:N0} workspaces in {Orgs:N0} organizations, {Modules} modules, every second workspace overrides three. The yardstick is a bare Kestrel server started the same way.");
        report.Section("Start");
        await CaseAsync("no snapshot: every change is read again", SampleJournal.NoSnapshot);
        await CaseAsync("with snapshots, as often as the product makes them by default", new JournalOptions().SnapshotEveryBytes);

        async Task CaseAsync(string what, long snapshotEveryBytes)
        {
            var journal = directory.Sub(snapshotEveryBytes.ToString(CultureInfo.InvariantCulture));
            await SampleJournal.MakeAsync(journal, new SampleScopes(uuids: true), Modules, Orgs, workspaces, w => w % 2 == 0, snapshotEveryBytes);
            var settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Modules__Journal__SnapshotEveryBytes"] = snapshotEveryBytes.ToString(CultureInfo.InvariantCulture),
            };
            var (ours, theirs) = (new List<double>(), new List<double>());
            for (var round = -1; round < rounds; round++)
            {
                var mine = await StartAsync(HttpProcess.Product(journal, settings));
                var other = await StartAsync(HttpProcess.Bare("bare"));
                if (round >= 0)
                {
                    ours.Add(mine);
                    theirs.Add(other);
                }
            }

            var (figure, beside) = (Figures.Median(ours), Figures.Median(theirs));
            var mebibytes = SampleJournal.BytesIn(journal) / (1024.0 * 1024);
            report.Add(new Row(
                $"{what}, {Figures.With(mebibytes, "MiB", "0")} on disk (worst {Figures.With(ours.Max(), "ms", "N0")})", Figures.With(figure, "ms", "N0"), Figures.With(beside, "ms", "N0"), Figures.Ratio(figure / beside),
                Figures.With(TargetMilliseconds, "ms", "<= #,0"), figure <= TargetMilliseconds));
        }
    }

    private static async Task<double> StartAsync(HttpProcess process)
    {
        using (process)
        {
            return (await process.ReadyAsync()).TotalMilliseconds;
        }
    }
}
