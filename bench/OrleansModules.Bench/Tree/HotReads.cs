using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using OrleansModules.Bench.Data;
using OrleansModules.Bench.Reporting;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Bench.Tree;

/// <summary>Time and bytes of one read of a workspace, beside a lookup in a dictionary of as many keys.</summary>
internal static class HotReads
{
    private const int ReadsPerRound = 2_000_000;
    private const double TargetNanoseconds = 100;

    /// <summary>Measures every kind of read.</summary>
    public static void Run(ModuleTree tree, SampleScopes scopes, TreeSize size, int rounds, Report report)
    {
        var yardstick = new ConcurrentDictionary<string, object>(Enumerable.Range(0, size.Workspaces).Select(w => KeyValuePair.Create(scopes.Workspace(w), new object())), StringComparer.Ordinal);
        var module = SampleModules.Name(SampleModules.Leaf(size.Modules / 2, size.Modules));

        report.Section("In-process reads");
        report.Note($"Nanoseconds per read, median of {rounds} rounds of {ReadsPerRound:N0} reads, product and yardstick in turn. The yardstick is one lookup of the same key in a ConcurrentDictionary of as many entries.");
        Measure("hot workspace without overrides", Some(scopes, size, 1), withModule: false, TargetNanoseconds);
        Measure("hot workspace with three overrides", Some(scopes, size, 0), withModule: false, TargetNanoseconds);
        Measure("hot workspace with three overrides and one module of it", Some(scopes, size, 0), withModule: true, TargetNanoseconds);
        Measure("10,000 workspaces of both sorts in turn, out of the processor's caches", Spread(scopes, size), withModule: false, null);

        void Measure(string what, ScopeId[] ids, bool withModule, double? target)
        {
            var (product, bare) = (new List<double>(), new List<double>());
            var bytes = 0.0;
            for (var round = -2; round < rounds; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var read = withModule ? Time(() => ReadModules(tree, ids, module)) : Time(() => Read(tree, ids));
                bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / ReadsPerRound;
                var looked = Time(() => Look(yardstick, ids));
                if (round >= 0)
                {
                    product.Add(read);
                    bare.Add(looked);
                }
            }

            var (figure, beside) = (Figures.Median(product), Figures.Median(bare));
            report.Add(new Row(what, Figures.With(figure, "ns"), Figures.With(beside, "ns"), Figures.Ratio(figure / beside), target is { } t ? $"<= {t} ns" : "", target is null ? null : figure <= target));

            // The delegate that starts a round is allocated once per round, not per read.
            report.Add(new Row("- allocated per read", Figures.With(Math.Floor(bytes * 100) / 100, "bytes", "0.##"), "", "", target is null ? "" : "0 bytes", target is null ? null : bytes < 0.01));
        }
    }

    // Ids that are not the strings in the tree: a request brings its own.
    private static ScopeId[] Some(SampleScopes scopes, TreeSize size, int remainder) =>
        [.. Enumerable.Range(0, 64).Select(i => ScopeId.Workspace(scopes.Workspace(((i * 10) + remainder) % size.Workspaces)))];

    private static ScopeId[] Spread(SampleScopes scopes, TreeSize size) =>
        [.. Enumerable.Range(0, 10_000).Select(i => ScopeId.Workspace(scopes.Workspace((int)((long)i * 7_919 % size.Workspaces))))];

    private static double Time(Action round)
    {
        var started = Stopwatch.GetTimestamp();
        round();
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / ReadsPerRound;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Read(ModuleTree tree, ScopeId[] ids)
    {
        for (int i = 0, at = 0; i < ReadsPerRound; i++, at = at + 1 == ids.Length ? 0 : at + 1)
        {
            if (!tree.TryRead(ids[at], out var view) || view.Map is null)
            {
                throw new BenchException($"{ids[at]} was not found.");
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReadModules(ModuleTree tree, ScopeId[] ids, string module)
    {
        for (int i = 0, at = 0; i < ReadsPerRound; i++, at = at + 1 == ids.Length ? 0 : at + 1)
        {
            if (!tree.TryRead(ids[at], out var view) || view.Map.Find(module) is null)
            {
                throw new BenchException($"{ids[at]} was not found.");
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Look(ConcurrentDictionary<string, object> dictionary, ScopeId[] ids)
    {
        for (int i = 0, at = 0; i < ReadsPerRound; i++, at = at + 1 == ids.Length ? 0 : at + 1)
        {
            if (!dictionary.TryGetValue(ids[at].Id, out _))
            {
                throw new BenchException($"{ids[at]} was not found.");
            }
        }
    }
}
