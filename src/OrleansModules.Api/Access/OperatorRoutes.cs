using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>For routes that a host adds to those of the Api.</summary>
public static class OperatorRoutes
{
    /// <summary>Lets only operators and administrators of the system in.</summary>
    public static IEndpointConventionBuilder RequiresOperator(this IEndpointConventionBuilder route) => route.Requires(AccessAction.Operate, ScopeKind.System);
}
