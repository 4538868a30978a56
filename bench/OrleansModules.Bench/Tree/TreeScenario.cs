using OrleansModules.Bench.Data;
using OrleansModules.Bench.Reporting;

namespace OrleansModules.Bench.Tree;

/// <summary>Reads, system changes and memory of the tree in process.</summary>
internal static class TreeScenario
{
    /// <summary>Runs the parts asked for.</summary>
    public static async Task RunAsync(BenchArgs args, Report report)
    {
        var size = new TreeSize(args.Number("--workspaces", 1_000_000), args.Number("--orgs", 1_000), args.Number("--modules", 200));
        var rounds = args.Number("--rounds", 9);
        var changes = args.Number("--changes", 200);
        var only = args.Text("--only");
        args.RefuseOthers();

        report.Note($"{size.Workspaces:N0} workspaces in {size.Orgs:N0} organizations, {size.Modules} modules; a workspace with overrides overrides {SampleScopes.OverridesEach} of them, with configuration and flags.");
        if (only is null or "reads" or "changes")
        {
            var scopes = new SampleScopes(uuids: true);
            var tree = new SampleTree(new DiscardingStore());
            await tree.StartAsync();
            await size.FillAsync(tree, scopes, w => w % 10 == 0);
            if (only is not "changes")
            {
                HotReads.Run(tree.Tree, scopes, size, rounds, report);
            }

            if (only is not "reads")
            {
                SystemChanges.Run(tree.Tree, scopes, size, changes, report);
            }
        }

        if (only is null or "memory")
        {
            await MemoryUse.RunAsync(size, report);
        }
    }
}
