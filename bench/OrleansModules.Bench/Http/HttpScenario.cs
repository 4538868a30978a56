using System.Globalization;
using System.Net;
using OrleansModules.Bench.Data;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;

namespace OrleansModules.Bench.Http;

/// <summary>Requests per second of the real server beside a bare Kestrel endpoint that writes the same bytes.</summary>
internal static class HttpScenario
{
    private const int SmallModules = 3;
    private const int LargeModules = 100;

    /// <summary>Runs every case.</summary>
    public static async Task RunAsync(BenchArgs args, Report report)
    {
        var load = new HttpLoad(args.Number("--seconds", 5), args.Number("--rounds", 5), args.Number("--warmup", 5), args.Number("--connections", 32), !args.Has("--fewer-headers"));
        var only = args.Text("--only");
        args.RefuseOthers();
        _ = Programs.Wrk;

        using var directory = new TemporaryDirectory();
        using var small = HttpProcess.Product(directory.Sub("small"));
        using var large = HttpProcess.Product(directory.Sub("large"));
        await small.ReadyAsync();
        await large.ReadyAsync();
        await SampleServer.LoadAsync(small, SmallModules);
        await SampleServer.LoadAsync(large, LargeModules);

        report.Note($"Requests per second, medians of {load.Rounds} rounds of {load.Seconds} s each, product and yardstick in turn, of ratios too; {load.Connections} connections kept busy by wrk on the same machine. The yardstick is a bare Kestrel endpoint that writes {(load.AllHeaders ? "the same bytes, headers included" : "the same body with the same Content-Type, Content-Length, Content-Encoding and ETag")}.");
        await CasesAsync(small, SmallCases(), $"{SmallModules} modules");
        await CasesAsync(large, LargeCases(), $"{LargeModules} modules");

        async Task CasesAsync(HttpProcess product, IEnumerable<HttpCase> cases, string title)
        {
            report.Section(title);
            foreach (var one in cases.Where(c => only is null || c.What.Contains(only, StringComparison.Ordinal)))
            {
                report.Add(await MeasureAsync(product, one, load, directory));
            }
        }
    }

    /// <summary>Measures one kind of request, product and yardstick in turn.</summary>
    public static async Task<Row> MeasureAsync(HttpProcess product, HttpCase one, HttpLoad load, TemporaryDirectory directory)
    {
        var first = await HttpAnswer.AskAsync(product, one, []);
        var headers = one.Headers(first.Header("ETag")).ToArray();
        var answer = await HttpAnswer.AskAsync(product, one, headers);
        var wanted = one.IsRevalidation ? HttpStatusCode.NotModified : HttpStatusCode.OK;
        if (answer.Status != (int)wanted || !string.Equals(answer.Header("Content-Encoding"), one.Encoding, StringComparison.Ordinal))
        {
            throw new BenchException($"{one.What}: {one.Path} answered {answer.Status}, encoding '{answer.Header("Content-Encoding")}'.");
        }

        var body = Path.Combine(directory.Path, "body");
        await File.WriteAllBytesAsync(body, answer.Body);
        using var bare = HttpProcess.Bare("bare", [
            "--body", body, "--status", answer.Status.ToString(CultureInfo.InvariantCulture), .. answer.ToRepeat(load.AllHeaders).SelectMany(h => (string[])["--header", h])]);
        await WaitAsync(bare, one, headers, answer);

        var (ours, theirs, ratios) = (new List<double>(), new List<double>(), new List<double>());
        var tail = "";
        await Wrk.RunAsync(new Uri(product.Address, one.Path), headers, load.WarmUp, load.Connections, one.Json);
        await Wrk.RunAsync(new Uri(bare.Address, one.Path), headers, load.WarmUp, load.Connections, one.Json);
        for (var round = 0; round < load.Rounds; round++)
        {
            // Each goes first every other time.
            var productFirst = round % 2 == 0;
            var a = await Wrk.RunAsync(new Uri(productFirst ? product.Address : bare.Address, one.Path), headers, load.Seconds, load.Connections, one.Json);
            var b = await Wrk.RunAsync(new Uri(productFirst ? bare.Address : product.Address, one.Path), headers, load.Seconds, load.Connections, one.Json);
            var (mine, other) = productFirst ? (a, b) : (b, a);
            ours.Add(mine.Rate);
            theirs.Add(other.Rate);
            ratios.Add(mine.Rate / other.Rate);
            tail = mine.Tail;
        }

        var what = string.Create(CultureInfo.InvariantCulture, $"{one.What}, {answer.Body.Length:N0} bytes (99 % within {tail}; ratios of rounds {Figures.Spread(ratios)})");
        return Row.Rate(what, ours, theirs, "/s", one.Target);
    }

    /// <summary>Waits for the bare server and makes sure that it writes the same bytes.</summary>
    private static async Task WaitAsync(HttpProcess bare, HttpCase one, string[] headers, HttpAnswer wanted)
    {
        if (one.IsRevalidation)
        {
            await bare.ListeningAsync();
        }
        else
        {
            await bare.ReadyAsync(one.Path);
        }

        var answer = await HttpAnswer.AskAsync(bare, one, headers);
        if (answer.Status != wanted.Status || !answer.Body.AsSpan().SequenceEqual(wanted.Body))
        {
            throw new BenchException($"{one.What}: the bare server writes other bytes.");
        }
    }

    private static IEnumerable<HttpCase> SmallCases()
    {
        var plain = $"/api/platform/workspaces/{SampleServer.Plain}/modules";
        var overriding = $"/api/platform/workspaces/{SampleServer.Overriding}/modules";
        yield return new HttpCase("map, no overrides", plain, 0.90);
        yield return new HttpCase("map, three overrides", overriding, 0.90);
        yield return new HttpCase("304, no overrides", plain, 0.95, IsRevalidation: true);
        yield return new HttpCase("304, three overrides", overriding, 0.95, IsRevalidation: true);
        yield return new HttpCase("single module, no overrides", $"{plain}/{SampleModules.Name(1)}", 0.90);
        yield return new HttpCase("single module, overridden", $"{overriding}/{SampleModules.Name(1)}", 0.90);
        yield return new HttpCase("availability, three overrides", $"/api/platform/workspaces/{SampleServer.Overriding}/availability", null);
    }

    private static IEnumerable<HttpCase> LargeCases()
    {
        var overriding = $"/api/platform/workspaces/{SampleServer.Overriding}/modules";
        yield return new HttpCase("map, no overrides, identity", $"/api/platform/workspaces/{SampleServer.Plain}/modules", 0.85);
        yield return new HttpCase("map, three overrides, identity", overriding, 0.85);
        yield return new HttpCase("map, three overrides, gzip", overriding, 0.90, "gzip");
        yield return new HttpCase("map, three overrides, br", overriding, 0.90, "br");
        yield return new HttpCase("304, three overrides", overriding, 0.95, IsRevalidation: true);
    }
}
