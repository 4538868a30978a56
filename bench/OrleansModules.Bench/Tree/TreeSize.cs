using OrleansModules.Bench.Data;

namespace OrleansModules.Bench.Tree;

/// <summary>How large a tree is.</summary>
/// <param name="Workspaces">Spread evenly over the organizations.</param>
/// <param name="Orgs">Organizations, without overrides.</param>
/// <param name="Modules">Modules the system defines.</param>
internal sealed record TreeSize(int Workspaces, int Orgs, int Modules)
{
    /// <summary>Fills a tree; a workspace overrides modules where the condition says so.</summary>
    public async Task FillAsync(SampleTree tree, SampleScopes scopes, Func<int, bool> withOverrides)
    {
        await tree.AddModulesAsync(Modules);
        await tree.AddOrgsAsync(scopes, Orgs);
        for (var w = 0; w < Workspaces; w++)
        {
            await tree.AddWorkspaceAsync(scopes, w, Orgs, Modules, withOverrides(w));
        }
    }
}
