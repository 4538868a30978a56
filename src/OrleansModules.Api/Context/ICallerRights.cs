using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Context;

/// <summary>What answers here need to know of the caller. Called on hot paths: never waits.</summary>
internal interface ICallerRights
{
    /// <summary>Whether the caller may read what is available in a scope; for requests that name the scope in their body.</summary>
    bool MayRead(HttpContext context, ScopeId scope);

    /// <summary>The caller's strongest role that counts in a scope, given there or above; null where nothing is known of the caller.</summary>
    ScopeRole? RoleIn(HttpContext context, ScopeId scope);
}

/// <summary>While there is no access control: everybody may read, nobody is known.</summary>
internal sealed class OpenCallerRights : ICallerRights
{
    /// <inheritdoc/>
    public bool MayRead(HttpContext context, ScopeId scope) => true;

    /// <inheritdoc/>
    public ScopeRole? RoleIn(HttpContext context, ScopeId scope) => null;
}
