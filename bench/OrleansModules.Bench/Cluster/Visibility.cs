using System.Diagnostics;
using OrleansModules.Bench.Reporting;
using OrleansModules.Bench.Streams;

namespace OrleansModules.Bench.Cluster;

/// <summary>Changes the system, and notes when each silo has told a stream of it.</summary>
internal sealed class Visibility : IDisposable
{
    private const double TargetMedian = 5;
    private const double TargetTail = 50;
    private const int Readers = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(20);

    private readonly BenchCluster _cluster;
    private readonly List<EventStreams> _streams = [];
    private readonly List<PlainPost> _posts = [];
    private int _changed;

    private Visibility(BenchCluster cluster) => _cluster = cluster;

    /// <summary>Reports how long changes take.</summary>
    public static async Task RunAsync(Report report, BenchCluster cluster, int workspaces, int changes)
    {
        using var visibility = await OpenAsync(cluster, workspaces);
        await visibility.ChangeAsync(20);
        var times = await visibility.ChangeAsync(changes);
        report.Section($"A change of the system with {workspaces:N0} workspaces hot on each of {cluster.Silos.Count} silos");
        report.Add(Row.AtMost("visible on every silo after the acknowledgement, median", Figures.Median(times), TargetMedian, "ms", "N2"));
        report.Add(Row.AtMost("the same, 99 of 100", times.Order().ElementAt((int)(times.Count * 0.99)), TargetTail, "ms", "N2"));
        report.Add(Row.Only("the same, worst", Figures.With(times.Max(), "ms", "N2")));
        var stale = await visibility.StaleReadsAsync(workspaces);
        report.Add(new Row($"of {workspaces * cluster.Silos.Count:N0} reads of all workspaces on all silos right after a change, answers without it", $"{stale:N0}", "", "", "0", stale == 0));
        report.Note($"Each of {changes} changes goes to the next silo in turn. From the moment its answer is read to the moment that the last of the silos' event streams has its event, on one clock; an event is written after the silo's tree has the change, so a read there has it no later. An event that comes before the answer counts as 0.");
    }

    /// <summary>Reads every workspace on every silo, so that each holds its map, and opens a stream to each silo.</summary>
    public static async Task<Visibility> OpenAsync(BenchCluster cluster, int workspaces)
    {
        var visibility = new Visibility(cluster);
        await visibility.ReadAllAsync(workspaces, _ => { });
        foreach (var silo in cluster.Silos)
        {
            var streams = new EventStreams();
            visibility._streams.Add(streams);
            await streams.OpenAsync(silo.Port, [$"{PathOf(0)}/events"], Patience);
            visibility._posts.Add(new PlainPost(silo.Port));
        }

        return visibility;
    }

    /// <summary>Makes changes one after another.</summary>
    /// <returns>Milliseconds from each answer until the last silo had the change.</returns>
    public async Task<List<double>> ChangeAsync(int count)
    {
        var times = new List<double>();
        for (var i = 0; i < count; i++)
        {
            await Task.Delay(Quiet, TimeProvider.System);
            var events = _streams.ConvertAll(s => s.NextAsync());
            var (_, answered) = _posts[i % _posts.Count].Send(NextChange());
            var last = (await Task.WhenAll(events).WaitAsync(Patience, TimeProvider.System)).Max();
            times.Add(Math.Max(0, Stopwatch.GetElapsedTime(answered, last).TotalMilliseconds));
        }

        return times;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _streams.ForEach(s => s.Dispose());
        _posts.ForEach(p => p.Dispose());
    }

    private static string PathOf(int workspace) => $"/api/platform/workspaces/{ClusterScenario.Scopes.Workspace(workspace)}";

    private string NextChange() => $"/api/platform/modules/{ClusterScenario.Switched}/{(_changed++ % 2 == 0 ? "disable" : "enable")}?force=true";

    /// <summary>Changes the system once more and counts reads that do not have it.</summary>
    private async Task<int> StaleReadsAsync(int workspaces)
    {
        await ChangeAsync(1);
        using var answer = await _cluster.Silos[0].Client.GetAsync(new Uri("/api/platform/modules", UriKind.Relative));
        var system = SystemPart(answer);
        var stale = 0;
        await ReadAllAsync(workspaces, read =>
        {
            if (!SystemPart(read).Equals(system, StringComparison.Ordinal))
            {
                Interlocked.Increment(ref stale);
            }
        });
        return stale;
    }

    // A version is written s12.o5.w3: the revisions of the system and the scopes below it.
    private static string SystemPart(HttpResponseMessage answer) => answer.Headers.ETag?.Tag.Trim('"').Split('.').FirstOrDefault(p => p.StartsWith('s')) ?? throw new BenchException("An answer has no version.");

    private Task ReadAllAsync(int workspaces, Action<HttpResponseMessage> check) => Task.WhenAll(_cluster.Silos.SelectMany(silo => Enumerable.Range(0, Readers).Select(async reader =>
    {
        for (var workspace = reader; workspace < workspaces; workspace += Readers)
        {
            using var answer = await silo.Client.GetAsync(new Uri($"{PathOf(workspace)}/modules", UriKind.Relative));
            answer.EnsureSuccessStatusCode();
            check(answer);
        }
    })));
}
