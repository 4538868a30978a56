using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Conformance;

namespace OrleansModules.Postgres.Tests;

/// <summary>What the tests put into a store first, lawfully: the database's own checks are on.</summary>
internal static class Worlds
{
    /// <summary>The organization.</summary>
    public static ScopeId Org { get; } = ScopeId.Org("acme");

    /// <summary>The workspace.</summary>
    public static ScopeId Workspace { get; } = ScopeId.Workspace("support");

    /// <summary>The module <c>chat</c>, one organization, one workspace.</summary>
    public static async Task FillAsync(IScopeStore store)
    {
        await store.CommitAsync(Sample.Define("chat"));
        await store.CommitAsync(Sample.Put(Org));
        await store.CommitAsync(Sample.Put(Workspace, Org.Id));
    }

    /// <summary>The layer a store has.</summary>
    public static async Task<Layer> LayerAsync(IScopeStore store, ScopeId scope) => (await store.LoadAsync([scope], default))[0].Layer;
}
