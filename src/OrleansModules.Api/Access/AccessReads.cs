using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Core.Access;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>What the endpoints of members and of tokens read alike.</summary>
internal static class AccessReads
{
    /// <summary>Members and tokens of a scope.</summary>
    /// <exception cref="ApiException">There is no such scope.</exception>
    public static async ValueTask<ScopeAccess> ReadAsync(IModuleEngine engine, ScopeId scope, HttpContext context)
    {
        if (await engine.ReadLayerAsync(scope, context.RequestAborted) is { } layer)
        {
            return layer.Access;
        }

        return scope.Kind == ScopeKind.System ? ScopeAccess.Empty : throw new ApiException(RouteIds.Missing(scope));
    }

    /// <summary>The member <c>role</c> of a body, which has to be there.</summary>
    public static ScopeRole ReadRole(JsonFields fields, List<Fault> faults)
    {
        if (fields.IsObject && !fields.TryGet("role", out _))
        {
            faults.Add(new Fault(FaultCodes.MissingField, "/role", "'role' is required."));
        }

        return fields.Word("role", ScopeRoles.Words, default);
    }
}
