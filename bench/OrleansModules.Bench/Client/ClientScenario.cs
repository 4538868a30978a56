using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using OrleansModules.Bench.Reporting;
using OrleansModules.Client;

namespace OrleansModules.Bench.Client;

/// <summary>Time and bytes of one read of the .NET client, beside a lookup in a dictionary of as many keys.</summary>
internal static class ClientScenario
{
    private const double TargetNanoseconds = 100;

    private delegate int ReadOne(ModulesClient client, ModuleScope scope);

    /// <summary>Measures every kind of read.</summary>
    public static async Task RunAsync(BenchArgs args, Report report)
    {
        var scopes = args.Number("--scopes", 1_000);
        var modules = args.Number("--modules", 200);
        var rounds = args.Number("--rounds", 9);
        var reads = args.Number("--reads", 2_000_000);
        args.RefuseOthers();

        var ids = Enumerable.Range(0, scopes).Select(_ => ModuleScope.Workspace(Guid.NewGuid().ToString())).ToArray();
        var options = new ModulesClientOptions { Address = new Uri("http://localhost"), MaxScopes = scopes, CreateHandler = () => new CannedService(modules) };
        await using var client = new ModulesClient(options);
        foreach (var id in ids)
        {
            _ = await client.GetAsync(id) ?? throw new BenchException($"{id} has no map.");
        }

        // Ids that are not the strings in the client: a request brings its own.
        var asked = ids.Select(id => ModuleScope.Workspace(new string(id.Id.AsSpan()))).ToArray();
        var yardstick = new ConcurrentDictionary<string, object>(ids.Select(id => KeyValuePair.Create(id.Id, new object())), StringComparer.Ordinal);
        var module = CannedService.Name(modules / 2);

        report.Note($"{scopes:N0} followed workspaces of {modules} modules each, all of them asked for in turn; their maps are the same, so the client keeps each module once. Nanoseconds per read, median of {rounds} rounds of {reads:N0} reads, product and yardstick in turn. The yardstick is one lookup of the same key in a ConcurrentDictionary of as many entries.");
        report.Section("Reads");
        Measure("IsAvailable(scope, module)", (c, s) => c.IsAvailable(s, module) ? 1 : 0);
        Measure("the same, the scope made for the read from the id of a request", (c, s) => c.IsAvailable(ModuleScope.Workspace(s.Id), module) ? 1 : 0);
        Measure("the snapshot of a scope", (c, s) => c.Find(s) is null ? 0 : 1);
        Measure("a flag of a module", (c, s) => c.Find(s)!.Find(module)!.HasFeature("voice") ? 1 : 0);
        Measure("a number in a module's configuration", (c, s) => c.Find(s)!.Find(module)!.Config.Get("limits.daily", 0));

        void Measure(string what, ReadOne read)
        {
            var (product, bare) = (new List<double>(), new List<double>());
            var bytes = 0.0;
            for (var round = -2; round < rounds; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var took = Read(client, asked, read, reads);
                bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / reads;
                var looked = Look(yardstick, asked, reads);
                if (round >= 0)
                {
                    product.Add(took);
                    bare.Add(looked);
                }
            }

            var (figure, beside) = (Figures.Median(product), Figures.Median(bare));
            report.Add(new Row(what, Figures.With(figure, "ns"), Figures.With(beside, "ns"), Figures.Ratio(figure / beside), $"<= {TargetNanoseconds} ns", figure <= TargetNanoseconds));
            report.Add(new Row("- allocated per read", Figures.With(bytes, "bytes", "0.##"), "", "", "0 bytes", bytes == 0));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double Read(ModulesClient client, ModuleScope[] scopes, ReadOne read, int reads)
    {
        var started = Stopwatch.GetTimestamp();
        for (int i = 0, at = 0; i < reads; i++, at = at + 1 == scopes.Length ? 0 : at + 1)
        {
            if (read(client, scopes[at]) == 0)
            {
                throw new BenchException($"{scopes[at]} did not answer.");
            }
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / reads;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double Look(ConcurrentDictionary<string, object> dictionary, ModuleScope[] scopes, int reads)
    {
        var started = Stopwatch.GetTimestamp();
        for (int i = 0, at = 0; i < reads; i++, at = at + 1 == scopes.Length ? 0 : at + 1)
        {
            if (!dictionary.TryGetValue(scopes[at].Id, out _))
            {
                throw new BenchException($"{scopes[at]} was not found.");
            }
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / reads;
    }
}
