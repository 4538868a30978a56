using OrleansModules.Bench.Data;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;

namespace OrleansModules.Bench.Streams;

/// <summary>How long a change of the system takes to reach thousands of open event streams.</summary>
internal static class StreamsScenario
{
    private const double TargetMilliseconds = 250;
    private const int Modules = 20;
    private const int Orgs = 100;

    /// <summary>Runs product and yardstick in turn.</summary>
    public static async Task RunAsync(BenchArgs args, Report report)
    {
        var count = args.Number("--streams", 10_000);
        var rounds = args.Number("--rounds", 3);
        var changes = args.Number("--changes", 10);
        args.RefuseOthers();
        OpenFiles.Require(count);

        // The client reads on the threads that wait for its sockets, which costs the servers beside it the least. Set before the first socket.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

        using var directory = new TemporaryDirectory();
        var scopes = new SampleScopes(uuids: true);
        await SampleJournal.MakeAsync(directory.Path, scopes, Modules, Orgs, count, w => w % 10 == 0);
        using var product = HttpProcess.Product(directory.Path);
        await product.ReadyAsync();
        var module = SampleModules.Name(Modules - 1);
        var ours = new StreamLoad(
            product,
            [.. Enumerable.Range(0, count).Select(w => $"/api/platform/workspaces/{scopes.Workspace(w)}/events")],
            [$"/api/platform/modules/{module}/disable?force=true", $"/api/platform/modules/{module}/enable?force=true"]);

        var sample = await ours.SampleAsync();
        if (sample.Length == 0)
        {
            throw new BenchException("The product's events could not be read.");
        }

        var file = Path.Combine(directory.Path, "event");
        await File.WriteAllBytesAsync(file, sample);
        using var bare = HttpProcess.Bare("bare-streams", "--event", file);
        await bare.ReadyAsync();
        var theirs = new StreamLoad(bare, [.. Enumerable.Repeat("/streams", count)], ["/"]);
        for (var round = 0; round < rounds; round++)
        {
            await (round % 2 == 0 ? ours : theirs).RoundAsync(changes);
            await (round % 2 == 0 ? theirs : ours).RoundAsync(changes);
        }

        report.Note($"{count:N0} open streams, one for each of {count:N0} workspaces; {rounds} rounds of {changes} changes of the system, product and yardstick in turn; an event has {sample.Length} bytes. Milliseconds until the last stream has its event, the client's own work included: it runs on the same machine. The yardstick is a bare Kestrel server that writes the same bytes to as many open responses, one after the other.");
        report.Section("A change of the system reaches every stream");
        report.Add(Line("from the answer to the last event, median", ours.FromAnswer, theirs.FromAnswer));
        report.Add(Line("from sending the request to the last event, median", ours.FromSent, theirs.FromSent));
        report.Section("Memory");
        report.Add(new Row("resident memory per stream", Figures.With(ours.BytesPerStream!.Value, "bytes", "N0"), Figures.With(theirs.BytesPerStream!.Value, "bytes", "N0"), Figures.Ratio(ours.BytesPerStream.Value / theirs.BytesPerStream.Value), "", null));
    }

    private static Row Line(string what, List<double> ours, List<double> theirs)
    {
        var median = Figures.Median(ours);
        return new Row(what, StreamLoad.Describe(ours), StreamLoad.Describe(theirs), Figures.Ratio(median / Figures.Median(theirs)), $"<= {TargetMilliseconds} ms", median <= TargetMilliseconds);
    }
}
