namespace OrleansModules.Core.Scopes;

/// <summary>The three levels of the tree, from the top down. The order is the order of the cascade.</summary>
public enum ScopeKind : byte
{
    /// <summary>The platform: owns the definitions of all modules.</summary>
    System = 0,

    /// <summary>One organization (tenant).</summary>
    Org = 1,

    /// <summary>One workspace; belongs to one organization for life.</summary>
    Workspace = 2,
}
