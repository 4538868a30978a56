using System.Text.Json;
using OrleansModules.Bench.Data;
using OrleansModules.Bench.Http;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;
using OrleansModules.Bench.Streams;

namespace OrleansModules.Bench.OpenFeature;

/// <summary>The OpenFeature evaluation protocol: requests per second, and how long a change takes to reach open streams.</summary>
internal static class EvaluationScenario
{
    private const string Flags = "/ofrep/v1/evaluate/flags";
    private const int Modules = 100;
    private const int StreamModules = 20;
    private const int Orgs = 10;
    private const double TargetMilliseconds = 10;
    private const double Share = 0.99;

    // No stream is to say meanwhile that it wants another address: the events that are counted are those of changes.
    private static readonly Dictionary<string, string> LongAddresses = new(StringComparer.Ordinal) { ["Modules__OpenFeature__StreamLifetime"] = "1.00:00:00" };

    /// <summary>Runs every case.</summary>
    public static async Task RunAsync(BenchArgs args, Report report)
    {
        var load = new HttpLoad(args.Number("--seconds", 5), args.Number("--rounds", 5), args.Number("--warmup", 5), args.Number("--connections", 32), !args.Has("--fewer-headers"));
        var streams = args.Number("--streams", 1000);
        var changes = args.Number("--changes", 20);
        var only = args.Text("--only");
        args.RefuseOthers();
        _ = Programs.Wrk;
        OpenFiles.Require(streams);

        await RequestsAsync(report, load, only);
        if (only is null || "streams".Contains(only, StringComparison.Ordinal))
        {
            await StreamsAsync(report, streams, load.Rounds, changes);
        }
    }

    private static async Task RequestsAsync(Report report, HttpLoad load, string? only)
    {
        using var directory = new TemporaryDirectory();
        using var product = HttpProcess.Product(directory.Sub("product"));
        await product.ReadyAsync();
        await SampleServer.LoadAsync(product, Modules);
        report.Note($"Requests per second, medians of {load.Rounds} rounds of {load.Seconds} s each, product and yardstick in turn, of ratios too; {load.Connections} connections kept busy by wrk on the same machine. The yardstick is a bare Kestrel endpoint that is sent the same body and writes the same answer.");
        report.Section($"Evaluations, {Modules} modules");
        foreach (var one in Cases().Where(c => only is null || c.What.Contains(only, StringComparison.Ordinal)))
        {
            report.Add(await HttpScenario.MeasureAsync(product, one, load, directory));
        }
    }

    private static IEnumerable<HttpCase> Cases()
    {
        var (plain, overriding) = (Context(SampleServer.Plain), Context(SampleServer.Overriding));
        var module = SampleModules.Name(1);
        yield return new HttpCase("bulk, no overrides", Flags, 0.85, Json: plain);
        yield return new HttpCase("bulk, three overrides", Flags, 0.85, Json: overriding);
        yield return new HttpCase("bulk, three overrides, gzip", Flags, 0.85, "gzip", Json: overriding);
        yield return new HttpCase("bulk, three overrides, 304", Flags, 0.85, IsRevalidation: true, Json: overriding);
        yield return new HttpCase("single, available", $"{Flags}/{module}", 0.90, Json: overriding);
        yield return new HttpCase("single, configuration", $"{Flags}/{module}.config", 0.90, Json: overriding);
    }

    private static async Task StreamsAsync(Report report, int count, int rounds, int changes)
    {
        using var directory = new TemporaryDirectory();
        var scopes = new SampleScopes(uuids: true);
        await SampleJournal.MakeAsync(directory.Path, scopes, StreamModules, Orgs, count, w => w % 10 == 0);
        using var product = HttpProcess.Product(directory.Path, LongAddresses);
        await product.ReadyAsync();
        var paths = new List<string>(count);
        for (var w = 0; w < count; w++)
        {
            var answer = await HttpAnswer.AskAsync(product, new HttpCase("", Flags, null, Json: Context(scopes.Workspace(w).ToString())), []);
            using var body = JsonDocument.Parse(answer.Body);
            paths.Add(body.RootElement.GetProperty("eventStreams")[0].GetProperty("endpoint").GetProperty("requestUri").GetString()!); // every answer has one
        }

        var module = SampleModules.Name(StreamModules - 1);
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
        report.Add(Within("until the last event was written, median", ours.Last, theirs.Last, null, 0.5));
        report.Add(Within("the same, 99 of 100 changes within", ours.Last, theirs.Last, null));
        report.Note($"The moments are those that the kernel notes when bytes come to the receiving socket; the streams are read only afterwards, so that the reader takes no processor from the server. {ours.Last.Count} changes each; {stolen.Describe()} meanwhile.");
    }

    private static Row Within(string what, List<double> ours, List<double> theirs, double? target, double share = Share)
    {
        var (late, bare) = (Figures.Percentile(ours, share), Figures.Percentile(theirs, share));
        return new Row(what, Figures.With(late, "ms"), Figures.With(bare, "ms"), Figures.Ratio(late / bare), target is { } most ? $"<= {most} ms" : "", target is null ? null : late <= target);
    }

    private static string Context(string workspace) => $$$"""{"context":{"targetingKey":"{{{workspace}}}"}}""";
}
