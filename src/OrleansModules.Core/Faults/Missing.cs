using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Faults;

/// <summary>Says that something a request names does not exist: one wording for rules and for reads.</summary>
public static class Missing
{
    /// <summary>There is no such organization or workspace.</summary>
    public static Fault Scope(ScopeId scope) => scope.Kind == ScopeKind.Org
        ? new Fault(FaultCodes.OrgNotFound, "", $"There is no organization '{scope.Id}'.") { Scope = scope.ToString() }
        : new Fault(FaultCodes.WorkspaceNotFound, "", $"There is no workspace '{scope.Id}'.") { Scope = scope.ToString() };

    /// <summary>There is no such module.</summary>
    public static Fault Module(string module) => new(FaultCodes.ModuleNotFound, "", $"There is no module '{module}'.") { Module = module };
}
