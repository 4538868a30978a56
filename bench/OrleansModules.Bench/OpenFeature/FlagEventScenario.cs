using System.Text.Json;
using OrleansModules.Bench.Data;
using OrleansModules.Bench.Http;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;
using OrleansModules.Bench.Streams;

namespace OrleansModules.Bench.OpenFeature;

/// <summary>Event streams of the OpenFeature protocol: how long after its answer a change is written to all of them.</summary>
internal static class FlagEventScenario
{
    private const int Modules = 20;
    private const int Orgs = 10;
    private const double TargetMilliseconds = 10;
    private const double Share = 0.99;

    // No stream is to say meanwhile that it wants another address: the events that are counted are those of changes.
    private static readonly Dictionary<string, string> LongAddresses = new(StringComparer.Ordinal) { ["Modules__OpenFeature__StreamLifetime"] = "1.00:00:00" };

    /// <summary>Runs it.</summary>
    public static async Task RunAsync(BenchArgs args, Report report)
    {
        var (count, rounds, changes) = (args.Number("--streams", 1000), args.Number("--rounds", 5), args.Number("--changes", 20));
        args.RefuseOthers();
        OpenFiles.Require(count);
        using var directory = new TemporaryDirectory();
        var scopes = new SampleScopes(uuids: true);
        await SampleJournal.MakeAsync(directory.Path, scopes, Modules, Orgs, count, w => w % 10 == 0);
        using var product = HttpProcess.Product(directory.Path, LongAddresses);
        await product.ReadyAsync();
        var paths = new List<string>(count);
        for (var w = 0; w < count; w++)
        {
            var answer = await HttpAnswer.AskAsync(product, new HttpCase("", EvaluationScenario.Flags, null, Json: EvaluationScenario.Context(scopes.Workspace(w).ToString())), []);
            using var body = JsonDocument.Parse(answer.Body);
            paths.Add(body.RootElement.GetProperty("eventStreams")[0].GetProperty("endpoint").GetProperty("requestUri").GetString()!); // every answer has one
        }

        var module = SampleModules.Name(Modules - 1);
        string[] posts = [$"/api/platform/modules/{module}/disable?force=true", $"/api/platform/modules/{module}/enable?force=true"];
        var file = Path.Combine(directory.Path, "event");
        await File.WriteAllBytesAsync(file, await new StreamLoad(product, paths, posts).SampleAsync()); // both of its changes: the first again is the next
        var ours = new WrittenLoad(product, paths, posts);
        using var bare = HttpProcess.Bare("bare-streams", "--event", file);
        await bare.ReadyAsync();
        var theirs = new WrittenLoad(bare, [.. Enumerable.Repeat("/streams", count)], ["/"]);
        await ours.WarmUpAsync(2 * changes);
        await theirs.WarmUpAsync(2 * changes);
        var stolen = new StolenTime();
        for (var round = 0; round < rounds; round++)
        {
            await (round % 2 == 0 ? ours : theirs).RoundAsync(changes);
            await (round % 2 == 0 ? theirs : ours).RoundAsync(changes);
        }

        report.Section($"A change is written to {count:N0} streams");
        report.Add(Within("from the answer to the change until an event was written, 99 of 100 events within", ours.Events, theirs.Events, TargetMilliseconds));
        report.Add(new Row($"events written within {TargetMilliseconds} ms", InTime(ours), InTime(theirs), "", "", null));
        report.Add(Within("until the last event was written, median", ours.Last, theirs.Last, null, 0.5));
        report.Add(Within("the same, 99 of 100 changes within", ours.Last, theirs.Last, null));
        report.Note($"The moments are those that the kernel notes when bytes come to the receiving socket; the streams are read only afterwards, so that the reader takes no processor from the server. {ours.Last.Count} changes each; {stolen.Describe()} meanwhile.");
    }

    private static string InTime(WrittenLoad load) => Figures.With(100.0 * load.Events.Count(e => e <= TargetMilliseconds) / load.Events.Count, "%");

    private static Row Within(string what, List<double> ours, List<double> theirs, double? target, double share = Share)
    {
        var (late, bare) = (Figures.Percentile(ours, share), Figures.Percentile(theirs, share));
        return new Row(what, Figures.With(late, "ms"), Figures.With(bare, "ms"), Figures.Ratio(late / bare), target is { } most ? $"<= {most} ms" : "", target is null ? null : late <= target);
    }
}
