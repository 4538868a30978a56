using System.Diagnostics;
using OrleansModules.Bench.Data;
using OrleansModules.Bench.Reporting;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Bench.Tree;

/// <summary>Time from taking a system layer in until the next reads below answer from it.</summary>
internal static class SystemChanges
{
    private const double TargetMilliseconds = 1;

    /// <summary>Switches a module that nine others require off and on, and reads workspaces of both sorts right after.</summary>
    public static void Run(ModuleTree tree, SampleScopes scopes, TreeSize size, int changes, Report report)
    {
        const int Readers = 16;
        var applied = new List<double>();
        var read = new List<double>();
        var name = SampleModules.Name(size.Modules / 20 * 10);
        for (var round = -20; round < changes; round++)
        {
            // Other workspaces in each round; even picks have overrides.
            var ids = Enumerable.Range(0, Readers)
                .Select(i => ScopeId.Workspace(scopes.Workspace((int)(((((long)round + 20) * 7_919) + (i * 104_729)) % (size.Workspaces / 10) * 10) + (i % 2)))).ToArray();
            foreach (var id in ids)
            {
                tree.TryRead(id, out _);
            }

            var next = Switch((SystemLayer)tree.FindLayer(ScopeId.System)!, name);
            var started = Stopwatch.GetTimestamp();
            tree.Apply(ScopeId.System, next);
            var swapped = Stopwatch.GetElapsedTime(started);
            foreach (var id in ids)
            {
                if (!tree.TryRead(id, out var view) || view.Version.System != next.Revision || view.Map.Find(name)!.Definition.IsEnabled != next.Find(name)!.IsEnabled)
                {
                    throw new BenchException($"{id} was read without the change.");
                }
            }

            var all = Stopwatch.GetElapsedTime(started);
            if (round >= 0)
            {
                applied.Add(swapped.TotalMilliseconds);
                read.Add(all.TotalMilliseconds);
            }
        }

        report.Section("A change of the system");
        report.Note($"Milliseconds from taking the change in until {Readers} workspaces, half of them with overrides, were read with it; {changes} changes. Nine modules require the one that is switched.");
        report.Add(Row.AtMost($"change and {Readers} reads, median", Figures.Median(read), TargetMilliseconds, "ms", "0.000"));
        report.Add(Row.AtMost($"change and {Readers} reads, slowest of {changes}", read.Max(), TargetMilliseconds, "ms", "0.000"));
        report.Add(Row.Only("change alone, median", Figures.With(Figures.Median(applied), "ms", "0.000")));
    }

    private static SystemLayer Switch(SystemLayer layer, string module)
    {
        var definition = layer.Find(module)!;
        var change = new ChangeRecord
        {
            Scope = ScopeId.System,
            Revision = layer.Revision + 1,
            Kind = definition.IsEnabled ? ChangeKind.ModuleDisabled : ChangeKind.ModuleEnabled,
            Version = new MapVersion(ScopeKind.System, layer.Revision + 1, 0, 0),
            At = TimeProvider.System.GetUtcNow().UtcDateTime,
            Actor = "bench",
            Definitions = [new DefinitionChange(definition, definition with { IsEnabled = !definition.IsEnabled })],
        };
        return (SystemLayer)LayerFold.Apply(layer, change);
    }
}
