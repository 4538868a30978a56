using OrleansModules.Bench.Http;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Bench.Cluster;

/// <summary>Maps from memory over HTTP: a silo of three beside the server of one process.</summary>
internal static class HotReads
{
    private const double Target = 0.95;
    private const int Modules = 3;
    private const int Silos = 3;
    private const int Connections = 32;
    private const string Path = $"/api/platform/workspaces/{SampleServer.Overriding}/modules";

    /// <summary>Loads both in turn.</summary>
    public static async Task RunAsync(Report report, PostgresServer server, int seconds, int rounds)
    {
        using var directory = new TemporaryDirectory();
        var probe = new Probe();
        using var embedded = HttpProcess.Product(directory.Path, probe.Settings);
        using var cluster = await BenchCluster.StartAsync(server, "hot", Silos, _ => Task.CompletedTask);
        await embedded.ReadyAsync();
        foreach (var one in (HttpProcess[])[embedded, cluster.Silos[0]])
        {
            await SampleServer.LoadAsync(one, Modules);
            await LoadAsync(one, probe, seconds * 2);
        }

        var (ours, theirs) = (new List<Measured>(), new List<Measured>());
        for (var round = 0; round < rounds; round++)
        {
            // Each goes first every other time.
            foreach (var isSilo in (bool[])[round % 2 == 0, round % 2 != 0])
            {
                (isSilo ? ours : theirs).Add(await (isSilo ? LoadAsync(cluster.Silos[0], cluster.Probes[0], seconds) : LoadAsync(embedded, probe, seconds)));
            }
        }

        report.Section("A map of 2 KB from memory, a silo of three beside the server of one process (its journal, no Orleans)");
        var spread = Figures.Spread(ours.Zip(theirs, (a, b) => a.Rate / b.Rate));
        report.Add(Row.Rate($"requests per second, {Connections} connections (99 % within {ours[^1].Tail}; ratios of rounds {spread})", Median(ours, m => m.Rate), Median(theirs, m => m.Rate), "/s", Target));
        var (mine, other) = (Median(ours, m => m.Bytes), Median(theirs, m => m.Bytes));
        report.Add(new Row("allocated per request, all threads of the process", Figures.With(mine, "bytes", "N0"), Figures.With(other, "bytes", "N0"), Figures.Ratio(mine / other), "<= 1.00", Math.Round(mine / other, 2) <= 1));
        report.Note($"Median of {rounds} rounds of {seconds} s each, in turn, loaded by wrk on the same machine; the other two silos are idle. Allocation is the runtime's own count (GC.GetTotalAllocatedBytes) over a round, less that of as long a time without requests, divided by the requests of the round.");
    }

    private static async Task<Measured> LoadAsync(HttpProcess server, Probe probe, int seconds)
    {
        var start = (await probe.ReadAsync())[Probe.Allocated];
        var result = await Wrk.RunAsync(new Uri(server.Address, Path), [], seconds, Connections);
        var loaded = (await probe.ReadAsync())[Probe.Allocated];
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        var idle = (await probe.ReadAsync())[Probe.Allocated] - loaded;
        return new Measured(result.Rate, (double)(loaded - start - idle) / result.Requests, result.Tail);
    }

    private static double Median(List<Measured> all, Func<Measured, double> figure) => Figures.Median(all.Select(figure));

    private readonly record struct Measured(double Rate, double Bytes, string Tail);
}
