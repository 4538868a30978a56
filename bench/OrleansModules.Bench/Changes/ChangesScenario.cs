using OrleansModules.Bench.Data;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;

namespace OrleansModules.Bench.Changes;

/// <summary>Durable changes per second beside bare loops that append and flush as many bytes.</summary>
internal static class ChangesScenario
{
    private const double Target = 0.5;
    private const int SampleChanges = 300;

    private static readonly int[] Concurrency = [1, 8, 32, 128];

    /// <summary>Runs product and yardsticks in turn.</summary>
    public static async Task RunAsync(BenchArgs args, Report report)
    {
        var duration = TimeSpan.FromSeconds(args.Number("--seconds", 5));
        var rounds = args.Number("--rounds", 5);
        var under = args.Text("--directory");
        args.RefuseOthers();

        using var directory = new TemporaryDirectory(under);
        var bytes = await BytesPerChangeAsync(directory.Sub("sample"));
        report.Note($"Changes per second, medians of {rounds} rounds of {duration.TotalSeconds:0} s each, product and yardsticks in turn, of ratios too, all in one directory ({directory.FileSystem}). Each caller waits for its change before it makes the next; {bytes} bytes per change. `bare`: take a lock, append, flush to the disk, for each change. `grouped`, the harder yardstick: one writer appends what all waiting callers bring and flushes once.");
        report.Section("Durable changes per second");
        foreach (var callers in Concurrency)
        {
            var (ours, bare, grouped) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                var place = directory.Sub($"{callers}-{round}");
                ours.Add(await RunAsync(await ProductChanges.OpenAsync(Path.Combine(place, "journal"), callers)));
                bare.Add(await RunAsync(new BareAppend(Path.Combine(place, "bare"), bytes)));
                grouped.Add(await RunAsync(new BareGroupCommit(Path.Combine(place, "grouped"), bytes)));
                Directory.Delete(place, recursive: true);
            }

            report.Add(Row.Rate($"{callers} callers, bare", ours, bare, "/s", Target));
            report.Add(Row.Rate($"{callers} callers, grouped", ours, grouped, "/s", null));

            async Task<double> RunAsync(IChanger changer)
            {
                await using (changer)
                {
                    return await ChangeLoad.RunAsync(changer, callers, duration);
                }
            }
        }
    }

    /// <summary>How much a change of the product appends.</summary>
    private static async Task<int> BytesPerChangeAsync(string directory)
    {
        await using var changes = await ProductChanges.OpenAsync(directory, 1);
        var before = SampleJournal.BytesIn(directory);
        for (var i = 0; i < SampleChanges; i++)
        {
            await changes.ChangeAsync(0, i);
        }

        return (int)((SampleJournal.BytesIn(directory) - before) / SampleChanges);
    }
}
