using OrleansModules.Bench.Data;
using OrleansModules.Bench.Http;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;

namespace OrleansModules.Bench.OpenFeature;

/// <summary>Evaluations by the OpenFeature protocol: requests per second.</summary>
internal static class EvaluationScenario
{
    /// <summary>Where all flags are evaluated.</summary>
    public const string Flags = "/ofrep/v1/evaluate/flags";

    private const int Modules = 100;

    /// <summary>Runs every case.</summary>
    public static async Task RunAsync(BenchArgs args, Report report)
    {
        var load = new HttpLoad(args.Number("--seconds", 5), args.Number("--rounds", 5), args.Number("--warmup", 5), args.Number("--connections", 32), !args.Has("--fewer-headers"));
        var only = args.Text("--only");
        args.RefuseOthers();
        _ = Programs.Wrk;

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

    /// <summary>The body of a request for a workspace.</summary>
    public static string Context(string workspace) => $$$"""{"context":{"targetingKey":"{{{workspace}}}"}}""";
}
