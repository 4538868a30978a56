namespace OrleansModules.Core.Faults;

/// <summary>Stable codes that callers may match on. A code is never renamed and never gets another meaning.</summary>
public static class FaultCodes
{
    // What a request asks for is not there, or is there already.
    public const string ModuleNotFound = "module-not-found";
    public const string ModuleExists = "module-exists";
    public const string OrgNotFound = "org-not-found";
    public const string WorkspaceNotFound = "workspace-not-found";
    public const string RevisionNotFound = "revision-not-found";
    public const string MemberNotFound = "member-not-found";
    public const string TokenNotFound = "token-not-found";
    public const string TokenExists = "token-exists";

    // What a request asks for the rules refuse.
    public const string ParentDisabled = "parent-disabled";
    public const string DependencyConflict = "dependency-conflict";
    public const string DependentModulesExist = "dependent-modules-exist";
    public const string DependencyCycle = "dependency-cycle";
    public const string CoreModuleProtected = "core-module-protected";
    public const string ModuleNameFixed = "module-name-fixed";
    public const string OrgNotEmpty = "org-not-empty";
    public const string WorkspaceOrgFixed = "workspace-org-fixed";
    public const string RoleNotForScope = "role-not-for-scope";
    public const string LimitReached = "limit-reached";

    // The record has it that who asks may not.
    public const string IdentityRefused = "identity-refused";

    // Someone else was faster, or the request was sent before.
    public const string RevisionMismatch = "revision-mismatch";
    public const string IdempotencyKeyReused = "idempotency-key-reused";

    // What a request says is not of the accepted form.
    public const string ValidationFailed = "validation-failed";
    public const string InvalidModuleName = "invalid-module-name";
    public const string InvalidId = "invalid-id";
    public const string InvalidJson = "invalid-json";
    public const string InvalidValue = "invalid-value";
    public const string MissingField = "missing-field";
    public const string UnknownField = "unknown-field";
    public const string FlagNotBoolean = "flag-not-boolean";
    public const string NotAnObject = "not-an-object";
    public const string TooLarge = "too-large";

    // The service cannot do it now.
    public const string StoreUnavailable = "store-unavailable";
    public const string StoreFull = "store-full";
}
