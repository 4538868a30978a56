using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Bench.Data;

/// <summary>Fills a store directly, many changes at once: the fast way to a large record.</summary>
internal static class SampleStore
{
    private const int Writers = 256;

    /// <summary>Writes modules, organizations and workspaces.</summary>
    /// <param name="store">An empty store.</param>
    /// <param name="scopes">The ids.</param>
    /// <param name="modules">How many modules.</param>
    /// <param name="orgs">How many organizations.</param>
    /// <param name="workspaces">How many workspaces; each one that overrides has a second change, with its three overrides.</param>
    /// <param name="withOverrides">Which workspaces override modules.</param>
    public static async Task FillAsync(IScopeStore store, SampleScopes scopes, int modules, int orgs, int workspaces, Func<int, bool> withOverrides)
    {
        Layer system = SystemLayer.Empty;
        for (var module = 0; module < modules; module++)
        {
            system = await AppendAsync(store, system, Change(ScopeId.System, system, ChangeKind.ModuleRegistered) with { Definitions = [new DefinitionChange(null, SampleModules.Definition(module))] });
        }

        await ManyAsync(orgs, async org => await CreateAsync(store, ScopeId.Org(scopes.Org(org)), null));
        await ManyAsync(workspaces, async workspace =>
        {
            var scope = ScopeId.Workspace(scopes.Workspace(workspace));
            var layer = await CreateAsync(store, scope, scopes.Org(workspace % orgs));
            if (withOverrides(workspace))
            {
                var overrides = SampleScopes.Overridden(workspace, modules).Select(m => new OverrideChange(SampleModules.Name(m), null, SampleScopes.Override(workspace, m)));
                await AppendAsync(store, layer, Change(scope, layer, ChangeKind.OverrideSet) with { Overrides = [.. overrides] });
            }
        });
    }

    private static Task<Layer> CreateAsync(IScopeStore store, ScopeId scope, string? orgId)
    {
        var nothing = LayerFold.Empty(scope);
        return AppendAsync(store, nothing, Change(scope, nothing, ChangeKind.ScopeCreated) with { Properties = new ScopeProperties(null, orgId, IsDeleted: false, null) });
    }

    private static ChangeRecord Change(ScopeId scope, Layer before, ChangeKind kind)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new ChangeRecord
        {
            Scope = scope,
            Revision = before.Revision + 1,
            Kind = kind,
            Version = new MapVersion(scope.Kind, scope.Kind == ScopeKind.System ? before.Revision + 1 : 1, scope.Kind == ScopeKind.Org ? before.Revision + 1 : 0, scope.Kind == ScopeKind.Workspace ? before.Revision + 1 : 0),
            At = new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc),
            Actor = "bench",
        };
    }

    private static async Task<Layer> AppendAsync(IScopeStore store, Layer before, ChangeRecord change)
    {
        var after = LayerFold.Apply(before, change);
        return await store.AppendAsync(change, after, CancellationToken.None) is AppendResult.Committed
            ? after
            : throw new BenchException($"{change.Scope}: the store did not take revision {change.Revision}.");
    }

    private static Task ManyAsync(int count, Func<int, Task> write) => Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
    {
        for (var number = writer; number < count; number += Writers)
        {
            await write(number);
        }
    })));
}
