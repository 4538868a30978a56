using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Storage.Journal;

/// <summary>What a snapshot says. Immutable once read.</summary>
/// <param name="Position">Position of the last change it covers.</param>
/// <param name="Address">Logical address after that change.</param>
/// <param name="OrgCount">Number of organizations.</param>
/// <param name="WorkspaceCount">Number of workspaces.</param>
internal sealed record Snapshot(long Position, long Address, int OrgCount, int WorkspaceCount)
{
    /// <summary>Every scope with what is known of it; organizations before workspaces.</summary>
    public List<(ScopeId Scope, Layer Layer, long HeadAddress)> Layers { get; } = [];

    /// <summary>Remembered operation ids, in the order of their changes.</summary>
    public List<(string Id, OperationEntry Entry)> Operations { get; } = [];
}
