using System.Runtime.CompilerServices;
using OrleansModules.Bench.Data;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Bench.Tree;

/// <summary>Bytes that a workspace costs on the heap, as differences of the heap after full collections.</summary>
internal static class MemoryUse
{
    private const double TargetPlain = 300;
    private const double TargetOverrides = 1_536;

    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);

    /// <summary>Measures workspaces with and without overrides, with ids of both forms.</summary>
    public static async Task RunAsync(TreeSize size, Report report)
    {
        report.Section("Memory per workspace");
        report.Note($"Bytes on the heap after full collections, over {size.Workspaces:N0} workspaces. `layers`: the tree as it was filled. `read`: after each workspace was read once, so that its map is resolved. `engine and journal`: the whole product in process, loaded from a journal. Serialized answers are not in it: a cache of bounded size holds them.");
        foreach (var uuids in (bool[])[true, false])
        {
            foreach (var withOverrides in (bool[])[false, true])
            {
                var scopes = new SampleScopes(uuids);
                var sort = withOverrides ? "three overrides" : "no overrides";
                var target = withOverrides ? TargetOverrides : TargetPlain;
                var (layers, read) = await InTreeAsync(size, scopes, withOverrides);
                report.Add(Row.AtMost($"{sort}, {scopes.Ids}, tree, layers", layers, target, "bytes"));
                report.Add(Row.AtMost($"{sort}, {scopes.Ids}, tree, read", read, target, "bytes"));
                (layers, read) = await InEngineAsync(size, scopes, withOverrides);
                report.Add(Row.AtMost($"{sort}, {scopes.Ids}, engine and journal, loaded", layers, target, "bytes"));
                report.Add(Row.AtMost($"{sort}, {scopes.Ids}, engine and journal, read", read, target, "bytes"));
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<(double Layers, double Read)> InTreeAsync(TreeSize size, SampleScopes scopes, bool withOverrides)
    {
        var tree = new SampleTree(new DiscardingStore());
        await tree.StartAsync();
        await (size with { Workspaces = 0 }).FillAsync(tree, scopes, _ => false);
        var before = await HeapAsync();
        for (var w = 0; w < size.Workspaces; w++)
        {
            await tree.AddWorkspaceAsync(scopes, w, size.Orgs, size.Modules, withOverrides);
        }

        var layers = await HeapAsync() - before;
        ReadAll(tree, scopes, size);
        var read = await HeapAsync() - before;
        GC.KeepAlive(tree);
        return ((double)layers / size.Workspaces, (double)read / size.Workspaces);
    }

    /// <summary>Heap of engine and journal store, loaded from a journal that was written before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<(double Loaded, double Read)> InEngineAsync(TreeSize size, SampleScopes scopes, bool withOverrides)
    {
        using var directory = new TemporaryDirectory();
        var (empty, full) = (directory.Sub("empty"), directory.Sub("full"));
        await SampleJournal.MakeAsync(empty, scopes, size.Modules, size.Orgs, 0, _ => false);
        await SampleJournal.MakeAsync(full, scopes, size.Modules, size.Orgs, size.Workspaces, _ => withOverrides, SampleJournal.NoSnapshot);
        var (without, _) = await LoadedAsync(empty, size with { Workspaces = 0 }, scopes);
        var (loaded, read) = await LoadedAsync(full, size, scopes);
        return ((double)(loaded - without) / size.Workspaces, (double)(read - without) / size.Workspaces);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<(long Loaded, long Read)> LoadedAsync(string directory, TreeSize size, SampleScopes scopes)
    {
        var before = await HeapAsync();
        await using var store = await SampleJournal.OpenAsync(directory, SampleJournal.NoSnapshot);
        var tree = new SampleTree(store);
        await tree.StartAsync();
        var loaded = await HeapAsync() - before;
        ReadAll(tree, scopes, size);
        var read = await HeapAsync() - before;
        GC.KeepAlive(tree);
        return (loaded, read);
    }

    /// <summary>Reads every workspace once.</summary>
    private static void ReadAll(SampleTree tree, SampleScopes scopes, TreeSize size)
    {
        for (var w = 0; w < size.Workspaces; w++)
        {
            if (!tree.Tree.TryRead(ScopeId.Workspace(scopes.Workspace(w)), out _))
            {
                throw new BenchException($"Workspace {w} was not found.");
            }
        }
    }

    /// <summary>What lives on the heap now.</summary>
    private static async Task<long> HeapAsync()
    {
        // On a fresh stack: below this one may still be callers' frames that refer to what they are done with.
        await Task.Delay(Settle, TimeProvider.System);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
