using OrleansModules.Api.Access;
using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Context;

/// <summary>What answers here need to know of the caller. Called on hot paths: never waits.</summary>
internal interface ICallerRights
{
    /// <summary>Whether the caller may read what is available in a scope; for requests that name the scope in their body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="caller">Who asks, where that was found out already; null finds it out.</param>
    /// <param name="scope">The scope.</param>
    bool MayRead(HttpContext context, Principal? caller, ScopeId scope);

    /// <summary>The caller's strongest role that counts in a scope, given there or above; null where nothing is known of the caller.</summary>
    ScopeRole? RoleIn(HttpContext context, ScopeId scope);
}
