using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Grains.Contracts;

namespace OrleansModules.Grains.Grains;

/// <summary>The system's grain. It stays: every change of the system goes through it.</summary>
[GrainType("modules-system")]
[KeepAlive]
internal sealed class SystemGrain(NodeServices node) : ScopeGrain(node), ISystemGrain;

/// <summary>An organization's grain.</summary>
[GrainType("modules-org")]
internal sealed class OrgGrain(NodeServices node) : ScopeGrain(node), IOrgGrain
{
    /// <inheritdoc/>
    public Task<AnswerMessage> CreateWorkspace(ChangeMessage change) => AnswerAsync(change, () => OwnAsync(change));
}

/// <summary>A workspace's grain.</summary>
[GrainType("modules-workspace")]
internal sealed class WorkspaceGrain(NodeServices node) : ScopeGrain(node), IWorkspaceGrain
{
    /// <inheritdoc/>
    protected override Task<AnswerMessage> DecideAsync(ChangeMessage change)
    {
        var isThere = Node.Tree.FindLayer(Scope) is { IsDeleted: false };
        return !isThere && string.Equals(change.Command.Word, Wire.CommandWire.PutScope, StringComparison.Ordinal) && ScopeId.IsValidId(change.Command.Name)
            ? GrainFactory.GetGrain<IOrgGrain>(ScopeId.Org(change.Command.Name).ToString()).CreateWorkspace(change)
            : OwnAsync(change);
    }
}
