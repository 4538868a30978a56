using System.Collections.Frozen;
using System.Text.Json;
using OrleansModules.Api.Http;
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
    private static readonly FrozenSet<string> OrgFields = FrozenSet.Create(StringComparer.Ordinal, "orgId", "name", "revision", "version");
    private static readonly FrozenSet<string> WorkspaceFields = FrozenSet.Create(StringComparer.Ordinal, "workspaceId", "orgId", "name", "revision", "version");

    public static ScopeCommand? PutOrg(HttpContext context, JsonElement body, List<Fault> faults)
    {
        var fields = new JsonFields(body, "", OrgFields, faults);
        CheckOwnId(context, fields, "orgId");
        return new ScopeCommand.PutScope(fields.Text("name", 1, MaxNameLength), null);
    }

    public static ScopeCommand? PutWorkspace(HttpContext context, JsonElement body, List<Fault> faults)
    {
        var fields = new JsonFields(body, "", WorkspaceFields, faults);
        CheckOwnId(context, fields, "workspaceId");
        var orgId = fields.Text("orgId", 1, ScopeId.MaxIdLength);
        if (orgId is not null && !ScopeId.IsValidId(orgId))
        {
            faults.Add(new Fault(FaultCodes.InvalidId, "/orgId", $"'{orgId}' is no id of an organization."));
        }

        return new ScopeCommand.PutScope(fields.Text("name", 1, MaxNameLength), orgId);
    }

    public static ScopeCommand? Delete(HttpContext context, JsonElement body, List<Fault> faults) => new ScopeCommand.DeleteScope();

    // The address names the scope; a body that names another one was meant for another one.
    private static void CheckOwnId(HttpContext context, JsonFields fields, string name)
    {
        if (fields.TryGet(name, out var value) && !string.Equals(JsonFields.TextOf(value), context.Request.RouteValues[RouteIds.Id] as string, StringComparison.Ordinal))
        {
            fields.Wrong(name, "the id in the address", 0);
        }
    }
}
