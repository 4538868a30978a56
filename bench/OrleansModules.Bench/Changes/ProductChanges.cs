using OrleansModules.Bench.Data;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;
using OrleansModules.Storage.Journal;

namespace OrleansModules.Bench.Changes;

/// <summary>The product: overrides of workspaces, one for each caller, through engine and journal.</summary>
internal sealed class ProductChanges : IChanger
{
    private const int Modules = 20;

    private readonly JournalStore _store;
    private readonly SampleTree _tree;
    private readonly ScopeId[] _workspaces;

    private ProductChanges(JournalStore store, SampleTree tree, ScopeId[] workspaces) => (_store, _tree, _workspaces) = (store, tree, workspaces);

    /// <summary>Makes a journal with a workspace for each caller.</summary>
    public static async Task<ProductChanges> OpenAsync(string directory, int callers)
    {
        var scopes = new SampleScopes(uuids: true);
        var store = await SampleJournal.OpenAsync(directory);
        var tree = new SampleTree(store);
        await tree.StartAsync();
        await tree.AddModulesAsync(Modules);
        await tree.AddOrgsAsync(scopes, 10);
        for (var w = 0; w < callers; w++)
        {
            await tree.AddWorkspaceAsync(scopes, w, 10, Modules, withOverrides: false);
        }

        return new ProductChanges(store, tree, [.. Enumerable.Range(0, callers).Select(w => ScopeId.Workspace(scopes.Workspace(w)))]);
    }

    /// <inheritdoc/>
    public async ValueTask ChangeAsync(int caller, int number)
    {
        // Another value each time, so that every request is a change.
        var module = SampleModules.Leaf(1 + (number % 3), Modules);
        var body = JsonObjectValue.Parse(SampleScopes.OverrideJson(1_000_000 + number, module));
        await _tree.ChangeAsync(_workspaces[caller], new ScopeCommand.PutOverride(SampleModules.Name(module), body));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
