using OrleansModules.Bench.Data;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Bench.Changes;

/// <summary>The product: overrides of workspaces, one for each caller, through engine and store.</summary>
internal sealed class ProductChanges : IChanger
{
    private const int Modules = 20;

    private readonly IScopeStore _store;
    private readonly SampleTree _tree;

    private ProductChanges(IScopeStore store, SampleTree tree, ScopeId[] workspaces) => (_store, _tree, Workspaces) = (store, tree, workspaces);

    /// <summary>The workspace of each caller.</summary>
    public IReadOnlyList<ScopeId> Workspaces { get; }

    /// <summary>Makes a journal with a workspace for each caller.</summary>
    public static async Task<ProductChanges> OpenAsync(string directory, int callers) => await FillAsync(await SampleJournal.OpenAsync(directory), callers);

    /// <summary>Puts a workspace for each caller into a store.</summary>
    /// <param name="store">An empty store, which this disposes.</param>
    /// <param name="callers">How many callers.</param>
    public static async Task<ProductChanges> FillAsync(IScopeStore store, int callers)
    {
        var scopes = new SampleScopes(uuids: true);
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
        await _tree.ChangeAsync(Workspaces[caller], new ScopeCommand.PutOverride(SampleModules.Name(module), body));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
