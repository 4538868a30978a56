using OrleansModules.Core.Cascade;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Changes.Rules;

/// <summary>Rules for creating, changing and deleting organizations and workspaces.</summary>
internal static class PropertyRules
{
    public static RuleOutcome Decide(ChangeRequest request, ScopeLayer current, RuleContext context) => request.Command switch
    {
        ScopeCommand.PutScope c when request.Scope.Kind == ScopeKind.Org => Put(current, current.Properties with { Name = c.Name ?? KeptName(current), IsDeleted = false }),
        ScopeCommand.PutScope c => PutWorkspace(request.Scope, current, c, context),
        _ => Delete(request.Scope, current, context),
    };

    private static RuleOutcome PutWorkspace(ScopeId scope, ScopeLayer current, ScopeCommand.PutScope command, RuleContext context)
    {
        var orgId = command.OrgId ?? (current.IsDeleted ? null : current.OrgId);
        if (orgId is null)
        {
            return RuleOutcome.Refused(new Fault(FaultCodes.MissingField, "/orgId", $"'orgId' is required: workspace '{scope.Id}' does not exist yet."));
        }

        if (current.OrgId is { } known && !known.Equals(orgId, StringComparison.Ordinal))
        {
            return RuleOutcome.Refused(new Fault(FaultCodes.WorkspaceOrgFixed, "/orgId", $"A workspace belongs to one organization for life: '{scope.Id}' is taken by another.") { Scope = scope.ToString() });
        }

        return context.OrgExists
            ? Put(current, new ScopeProperties(command.Name ?? KeptName(current), orgId, IsDeleted: false, null))
            : RuleOutcome.Refused(Missing.Scope(ScopeId.Org(orgId)) with { Pointer = "/orgId" });
    }

    private static RuleOutcome Put(ScopeLayer current, ScopeProperties properties) => properties == current.Properties
        ? new RuleOutcome(ChangeKind.ScopeUpdated)
        : new RuleOutcome(current.IsDeleted ? ChangeKind.ScopeCreated : ChangeKind.ScopeUpdated) { Properties = properties };

    private static RuleOutcome Delete(ScopeId scope, ScopeLayer current, RuleContext context)
    {
        if (current.IsDeleted)
        {
            return RuleOutcome.Refused(Missing.Scope(scope));
        }

        if (context.Workspaces.Count > 0)
        {
            return RuleOutcome.Refused([.. context.Workspaces.Select(w => new Fault(FaultCodes.OrgNotEmpty, "", $"Organization '{scope.Id}' still has workspace '{w}': delete it first.") { Scope = ScopeId.Workspace(w).ToString() })]);
        }

        return new RuleOutcome(ChangeKind.ScopeDeleted)
        {
            Properties = new ScopeProperties(null, current.OrgId, IsDeleted: true, null),
            Overrides = [.. current.Overrides.ToArray().Select(o => new OverrideChange(o.Override.Module, o.Override, null))],
            Settings = current.Settings.IsEmpty ? null : new SettingsChange(current.Settings, JsonObjectValue.Empty),
            Members = [.. current.Access.Members.Select(m => new MemberChange(m.Subject, m.Role, null))],
            Tokens = [.. current.Access.Tokens.Select(t => new TokenChange(t.Id, t, null))],
        };
    }

    // A scope that is created again starts without its old name.
    private static string? KeptName(ScopeLayer current) => current.IsDeleted ? null : current.Name;
}
