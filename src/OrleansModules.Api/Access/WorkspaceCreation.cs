using System.Text.Json;
using OrleansModules.Api.Problems;
using OrleansModules.Api.Scopes;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>Decides on a <c>PUT</c> of a workspace that is not the caller's: whether the caller may create it, in the organization that the body names.</summary>
/// <remarks>Says the same of a workspace of others as of one that does not exist, but that its id is taken.</remarks>
internal sealed class WorkspaceCreation(AccessGate gate)
{
    /// <summary>Makes the command.</summary>
    public ScopeCommand? Put(HttpContext context, JsonElement body, List<Fault> faults)
    {
        var command = ScopeCommands.PutWorkspace(context, body, faults);
        var caller = Caller.Of(context);
        if (faults.Count > 0 || gate.Decide(caller.Principal, AccessAction.ChangeScope, caller.Scope).IsAllowed)
        {
            return command;
        }

        if (command is not ScopeCommand.PutScope { OrgId: { } orgId })
        {
            faults.Add(new Fault(FaultCodes.MissingField, "/orgId", $"'orgId' is required: workspace '{caller.Scope.Id}' does not exist yet."));
            return null;
        }

        var decision = gate.Decide(caller.Principal, AccessAction.CreateScope, ScopeId.Org(orgId));
        return decision.IsAllowed ? command : throw new ApiException(AccessProblems.Of(decision, ScopeId.Org(orgId), null));
    }
}
