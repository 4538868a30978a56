using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Grains.Contracts;
using OrleansModules.Grains.Wire;

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
    protected override async Task<AnswerMessage> DecideAsync(ChangeMessage change)
    {
        var isThere = Node.Tree.FindLayer(Scope) is { IsDeleted: false };
        if (isThere || !string.Equals(change.Command.Word, CommandWire.PutScope, StringComparison.Ordinal) || !ScopeId.IsValidId(change.Command.Name))
        {
            return await OwnAsync(change);
        }

        var organization = GrainFactory.GetGrain<IOrgGrain>(ScopeId.Org(change.Command.Name).ToString());
        var answer = await organization.CreateWorkspace(change with { SeenRevision = Math.Max(change.SeenRevision, Node.RevisionOf(Scope)) });
        if (answer.Kind == AnswerKind.Accepted)
        {
            await Node.SeeAsync(ChangeWire.Read(answer.Record!), CancellationToken.None); // whoever changes the workspace next is answered here
        }

        return answer;
    }
}
