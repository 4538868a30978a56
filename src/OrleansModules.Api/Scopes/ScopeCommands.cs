using System.Collections.Frozen;
using System.Text.Json;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Scopes;

/// <summary>Turns requests about organizations and workspaces into commands.</summary>
internal static class ScopeCommands
{
    private const int MaxNameLength = 200;

    // What answers add is accepted and ignored, so that what was read can be edited and sent back.
    private static readonly FrozenSet<string> OrgFields = FrozenSet.Create(StringComparer.Ordinal, "name", "revision", "version");
    private static readonly FrozenSet<string> WorkspaceFields = FrozenSet.Create(StringComparer.Ordinal, "name", "orgId", "revision", "version");

    public static ScopeCommand? PutOrg(HttpContext context, JsonElement body, List<Fault> faults) =>
        new ScopeCommand.PutScope(new JsonFields(body, "", OrgFields, faults).Text("name", 1, MaxNameLength), null);

    public static ScopeCommand? PutWorkspace(HttpContext context, JsonElement body, List<Fault> faults)
    {
        var fields = new JsonFields(body, "", WorkspaceFields, faults);
        var orgId = fields.Text("orgId", 1, ScopeId.MaxIdLength);
        if (orgId is not null && !ScopeId.IsValidId(orgId))
        {
            faults.Add(new Fault(FaultCodes.InvalidId, "/orgId", $"'{orgId}' is no id of an organization."));
        }

        return new ScopeCommand.PutScope(fields.Text("name", 1, MaxNameLength), orgId);
    }

    public static ScopeCommand? Delete(HttpContext context, JsonElement body, List<Fault> faults) => new ScopeCommand.DeleteScope();
}
