using Microsoft.AspNetCore.Http;
using OrleansModules.Api.Access;
using OrleansModules.Api.Context;
using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Tests.Context;

/// <summary>A caller as a test wants it.</summary>
internal sealed class FixedRights : ICallerRights
{
    /// <summary>The role, the same in every scope.</summary>
    public ScopeRole? Role { get; set; }

    /// <summary>The one scope that may be read; null for all.</summary>
    public ScopeId? Readable { get; init; }

    /// <inheritdoc/>
    public bool MayRead(HttpContext context, Principal? caller, ScopeId scope) => Readable is null || Readable == scope;

    /// <inheritdoc/>
    public ScopeRole? RoleIn(HttpContext context, ScopeId scope) => Role;
}
