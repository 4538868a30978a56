using System.Globalization;
using OrleansModules.Api.Access;
using OrleansModules.Bench.Http;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Bench.Access;

/// <summary>What a hot map pays at the gate: requests per second with a token, and with a token of the identity provider, beside the same host without a gate.</summary>
internal static class AccessScenario
{
    private const int Modules = 3;
    private const string Path = $"/api/platform/workspaces/{GateServer.Workspace}/modules";

    /// <summary>Runs all of it.</summary>
    public static async Task RunAsync(BenchArgs args, Report report)
    {
        var load = new HttpLoad(args.Number("--seconds", 5), args.Number("--rounds", 9), args.Number("--warmup", 5), args.Number("--connections", 32), AllHeaders: false);
        args.RefuseOthers();
        _ = Programs.Wrk;

        using var directory = new TemporaryDirectory();
        using var provider = new SampleProvider();
        var keys = System.IO.Path.Combine(directory.Path, "keys.json");
        await File.WriteAllTextAsync(keys, provider.KeySet);
        var token = TokenText.New(ScopeId.Org(GateServer.Org), TokenText.NewId());
        using var guarded = Start(keys, token);
        using var open = Start(keys, token, "--open");
        await guarded.ReadyAsync();
        await open.ListeningAsync();

        Side[] sides =
        [
            new("without gate and credential", open, null),
            new("API token", guarded, $"Authorization: Bearer {token}"),
            new("API token as X-API-Key", guarded, $"X-API-Key: {token}"),
            new("token of the identity provider", guarded, $"Authorization: Bearer {provider.Token(GateServer.Workspace)}"),
            new("without gate, with the provider's token", open, $"Authorization: Bearer {provider.Token(GateServer.Workspace)}"),
        ];
        var body = await SameBodyAsync(sides);
        report.Note(string.Create(CultureInfo.InvariantCulture, $"Requests per second for one map of {body:N0} bytes, median of {load.Rounds} rounds of {load.Seconds} s each, all in turn, each first as often as any other; {load.Connections} connections kept busy by wrk on the same machine. The yardstick is the same host of the same build whose pipeline has no gate, and which is sent no credential."));
        report.Section("Hot map");
        var rates = await MeasureAsync(sides, load);
        var yardstick = Figures.Median(rates[0]);
        double?[] targets = [null, 0.93, 0.93, 0.90, null];
        foreach (var (i, side) in sides.Index().Skip(1))
        {
            var ratios = rates[i].Zip(rates[0], (mine, other) => mine / other);
            report.Add(Row.Rate($"{side.What} (ratios of rounds {Figures.Spread(ratios)})", Figures.Median(rates[i]), yardstick, "/s", targets[i]));
        }
    }

    // Each side begins the round as often as any other: what one leaves behind in caches and clocks hits all alike.
    private static async Task<List<double>[]> MeasureAsync(Side[] sides, HttpLoad load)
    {
        foreach (var side in sides)
        {
            await side.RunAsync(load.WarmUp, load.Connections);
        }

        var rates = sides.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < load.Rounds; round++)
        {
            for (var turn = 0; turn < sides.Length; turn++)
            {
                var i = (round + turn) % sides.Length;
                rates[i].Add(await sides[i].RunAsync(load.Seconds, load.Connections));
            }
        }

        return rates;
    }

    private static HttpProcess Start(string keys, string token, params string[] more) =>
        HttpProcess.Bare(GateServer.Scenario, ["--modules", Modules.ToString(CultureInfo.InvariantCulture), "--keys", keys, "--token", token, .. more]);

    // The gate must be the only difference.
    private static async Task<int> SameBodyAsync(Side[] sides)
    {
        var bodies = new List<byte[]>();
        foreach (var side in sides)
        {
            bodies.Add(await side.AskAsync());
        }

        return bodies.TrueForAll(b => b.AsSpan().SequenceEqual(bodies[0])) ? bodies[0].Length : throw new BenchException("The hosts answer different maps.");
    }

    /// <summary>One way to ask for the map.</summary>
    /// <param name="What">Its name in the result.</param>
    /// <param name="Server">Who is asked.</param>
    /// <param name="Credential">The header that carries it; null for none.</param>
    private sealed record Side(string What, HttpProcess Server, string? Credential)
    {
        private string[] Headers => Credential is null ? [] : [Credential];

        public async Task<double> RunAsync(int seconds, int connections) => (await Wrk.RunAsync(new Uri(Server.Address, Path), Headers, seconds, connections, isSignedIn: false)).Rate;

        public async Task<byte[]> AskAsync()
        {
            using var client = new HttpClient { BaseAddress = Server.Address };
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Path, UriKind.Relative));
            foreach (var header in Headers)
            {
                var parts = header.Split(": ", 2);
                request.Headers.TryAddWithoutValidation(parts[0], parts[1]);
            }

            using var answer = await client.SendAsync(request);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync() : throw new BenchException($"{What}: answered {(int)answer.StatusCode}.");
        }
    }
}
