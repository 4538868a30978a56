using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansModules.Bench.Data;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;

namespace OrleansModules.Bench.Cluster;

/// <summary>Kills a silo while clients of the others write to every workspace and read.</summary>
internal static class KilledSilo
{
    /// <summary>How many workspaces are written to; about a third of their grains are on the silo that is killed.</summary>
    public const int Workspaces = 60;

    private const double Target = 2_000;
    private const double Waited = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Kills one silo after another.</summary>
    public static async Task RunAsync(Report report, BenchCluster cluster, int rounds)
    {
        var (last, waited) = (new List<double>(), 0);
        var reads = new Reads();
        for (var round = 0; round < rounds; round++)
        {
            var victim = round % cluster.Silos.Count;
            var others = cluster.Silos.Where((_, i) => i != victim).ToList();
            await Task.WhenAll(Enumerable.Range(0, Workspaces).Select(w => WriteAsync(cluster.Silos[w % cluster.Silos.Count], w, $"before-{round}"))); // every workspace has its grain
            using var stop = new CancellationTokenSource();
            var reading = others.ConvertAll(s => reads.RunAsync(s, stop.Token));
            cluster.Silos[victim].Kill();
            var killed = Stopwatch.GetTimestamp();
            var times = await Task.WhenAll(Enumerable.Range(0, Workspaces).Select(async w =>
            {
                await WriteAsync(others[w % others.Count], w, $"after-{round}");
                return Stopwatch.GetElapsedTime(killed).TotalMilliseconds;
            }));
            await stop.CancelAsync();
            await Task.WhenAll(reading);
            last.Add(times.Max());
            waited += times.Count(t => t > Waited);
            await cluster.RestartAsync(victim);
        }

        report.Section($"A silo of {cluster.Silos.Count} is killed (SIGKILL), {rounds} times");
        report.Add(Row.AtMost($"until writes to all of {Workspaces} workspaces were acknowledged, median", Figures.Median(last), Target, "ms"));
        report.Add(Row.AtMost("the same, worst", last.Max(), Target, "ms"));
        report.Add(Row.Only($"writes that took more than {Waited:N0} ms, for each kill", Figures.With((double)waited / rounds, $"of {Workspaces}")));
        report.Add(new Row($"reads on the other silos meanwhile that failed or took more than 1 s, of {reads.Count:N0}", $"{reads.Failed:N0}", "", "", "0", reads.Failed == 0));
        report.Add(Row.Only("the slowest of these reads", Figures.With(reads.Slowest, "ms")));
        report.Note("Every workspace is written to before, from all silos, so that its grain is somewhere; after the kill all are written to at once, through the other silos, and a request that fails is sent again under its Idempotency-Key. The reads are about 1,000 a second on each of the others.");
    }

    private static async Task WriteAsync(HttpProcess silo, int workspace, string round)
    {
        var path = $"/api/platform/workspaces/{ClusterScenario.Scopes.Workspace(workspace)}/modules/{SampleModules.Name(1)}";
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(path, UriKind.Relative));
            request.Headers.Add("Idempotency-Key", $"\"{round}-{workspace.ToString(CultureInfo.InvariantCulture)}\"");
            request.Content = new StringContent($$$"""{"configOverrides":{"greeting":"{{{round}}}"}}""", Encoding.UTF8, "application/json");
            try
            {
                using var answer = await silo.Client.SendAsync(request);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }

                if ((int)answer.StatusCode < 500)
                {
                    throw new BenchException($"PUT {path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
                }
            }
            catch (HttpRequestException) when (!silo.HasExited)
            {
                // Sent again.
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private sealed class Reads
    {
        private const double TooLong = 1_000;

        private readonly Lock _gate = new();

        public int Count { get; private set; }

        public int Failed { get; private set; }

        public double Slowest { get; private set; }

        public async Task RunAsync(HttpProcess silo, CancellationToken stop)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            for (var workspace = 0; !stop.IsCancellationRequested; workspace = (workspace + 1) % Workspaces)
            {
                await timer.WaitForNextTickAsync(CancellationToken.None);
                var started = Stopwatch.GetTimestamp();
                var isGood = false;
                try
                {
                    using var answer = await silo.Client.GetAsync(new Uri($"/api/platform/workspaces/{ClusterScenario.Scopes.Workspace(workspace)}/modules", UriKind.Relative), CancellationToken.None);
                    isGood = answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    // Counted.
                }

                var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                lock (_gate)
                {
                    Count++;
                    Failed += isGood && elapsed <= TooLong ? 0 : 1;
                    Slowest = Math.Max(Slowest, elapsed);
                }
            }
        }
    }
}
