using Microsoft.AspNetCore.Http;

namespace OrleansModules.Client.AspNetCore;

/// <summary>Says which scope a request belongs to.</summary>
/// <param name="context">The request.</param>
/// <returns>The scope; null where this way does not name one, or names one that no id can have.</returns>
public delegate ModuleScope? ScopeResolver(HttpContext context);

/// <summary>The usual ways to find the scope of a request.</summary>
/// <remarks>A route value or header is what the caller says: whether they may use that workspace is for the host's authorization to decide.</remarks>
public static class ScopeResolvers
{
    /// <summary>The workspace named by a route value.</summary>
    public static ScopeResolver WorkspaceInRoute(string name = "workspaceId") => context => Workspace(context.Request.RouteValues[name] as string);

    /// <summary>The workspace named by a header that occurs once.</summary>
    public static ScopeResolver WorkspaceInHeader(string name = "X-Workspace-Id") => context =>
        context.Request.Headers.TryGetValue(name, out var values) && values.Count == 1 ? Workspace(values[0]) : null;

    /// <summary>The workspace named by a claim of the user.</summary>
    public static ScopeResolver WorkspaceInClaim(string type) => context => Workspace(context.User.FindFirst(type)?.Value);

    /// <summary>The organization named by a route value.</summary>
    public static ScopeResolver OrgInRoute(string name = "orgId") => context => Org(context.Request.RouteValues[name] as string);

    /// <summary>The organization named by a claim of the user.</summary>
    public static ScopeResolver OrgInClaim(string type) => context => Org(context.User.FindFirst(type)?.Value);

    /// <summary>The first of several ways that names a scope.</summary>
    public static ScopeResolver FirstOf(params ScopeResolver[] ways) => context =>
    {
        foreach (var way in ways)
        {
            if (way(context) is { } scope)
            {
                return scope;
            }
        }

        return null;
    };

    private static ModuleScope? Workspace(string? id) => ModuleScope.IsValidId(id) ? ModuleScope.Workspace(id) : null;

    private static ModuleScope? Org(string? id) => ModuleScope.IsValidId(id) ? ModuleScope.Org(id) : null;
}
