using OrleansModules.Api.Http;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>What a route requires, and where its requests name the scope.</summary>
/// <param name="Action">The action.</param>
/// <param name="Kind">The kind of scope that the route is about.</param>
internal sealed record AccessRule(AccessAction Action, ScopeKind Kind)
{
    /// <summary>Whether <c>?orgId=</c> narrows the system to one organization.</summary>
    public bool OrgInQuery { get; init; }

    /// <summary>Whether the handler does without a <see cref="Caller"/>, so that nothing is allocated for it.</summary>
    public bool IsHot { get; init; }

    /// <summary>Whether the request may create the scope, so that the handler decides where the scope is not the caller's.</summary>
    public bool MayCreate { get; init; }

    /// <summary>The scope that a request is about, read as its handler reads it.</summary>
    /// <returns>False where the request names none; its handler then refuses it.</returns>
    public bool TryFindScope(HttpContext context, out ScopeId scope)
    {
        if (OrgInQuery && context.Request.Query.TryGetValue("orgId", out var org))
        {
            var isValid = ScopeId.IsValidId(org.ToString());
            scope = isValid ? ScopeId.Org(org.ToString()) : ScopeId.System;
            return isValid;
        }

        return RouteIds.TryRead(context, Kind, out scope, out _);
    }
}
