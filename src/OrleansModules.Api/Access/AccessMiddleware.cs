using OrleansModules.Api.Problems;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>Lets requests through the gate, or refuses them.</summary>
/// <remarks>Hot reads of somebody who is remembered pass without waiting and without allocating.</remarks>
internal sealed class AccessMiddleware(RequestDelegate next, Authenticator authenticator, AccessGate gate, IModuleEngine engine, AuditTrail audit, Throttle throttle, HotAccess hot)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return next(context); // nothing is there, or not by this method: routing says so
        }

        var rule = endpoint.Metadata.GetMetadata<AccessRule>() ?? throw new InvalidOperationException($"{endpoint.DisplayName} does not say what it requires.");
        return rule.IsHot && rule.TryFindScope(context, out var scope) && hot.Admits(context, rule.Action, scope, out _) ? next(context) : CheckAsync(context, rule);
    }

    private async Task CheckAsync(HttpContext context, AccessRule rule)
    {
        var seconds = 0;
        if (!authenticator.TryRecall(context, out var principal) && throttle.IsHeldUp(context, authenticator.FormOf, out seconds))
        {
            await HoldUpAsync(context, rule, principal, seconds);
            return;
        }

        (principal, var failure) = await authenticator.AuthenticateAsync(context);
        if ((failure is not null && !throttle.TryCountFailure(context, out seconds)) || !throttle.Admits(principal, out seconds))
        {
            await HoldUpAsync(context, rule, principal, seconds);
            return;
        }

        var isNamed = rule.TryFindScope(context, out var scope);
        var decision = await DecideAsync(context, principal, isNamed ? rule.Action : AccessAction.SignIn, scope);
        var caller = new Caller(principal, rule, scope);
        if (decision.IsAllowed || (decision.Outcome == AccessOutcome.Hidden && rule.MayCreate))
        {
            caller.KeepIn(context);
            await next(context);
            return;
        }

        var problem = AccessProblems.Of(decision, scope, failure);
        await audit.RefusedAsync(context, caller, problem);
        await ProblemWriter.WriteAsync(context, problem);
    }

    private async Task HoldUpAsync(HttpContext context, AccessRule rule, Principal principal, int seconds)
    {
        var problem = Throttle.Problem(seconds);
        if (throttle.IsWrittenDown(context, principal, out var repeats))
        {
            rule.TryFindScope(context, out var scope);
            await audit.HeldUpAsync(context, new Caller(principal, rule, scope), problem, repeats);
        }

        await ProblemWriter.WriteAsync(context, problem);
    }

    private async ValueTask<AccessDecision> DecideAsync(HttpContext context, Principal principal, AccessAction action, ScopeId scope)
    {
        // What is not in memory counts as not there: before that is said to somebody known, the record is asked.
        if (principal.Kind != PrincipalKind.Nobody && engine.FindLayer(scope) is null)
        {
            await engine.ReadLayerAsync(scope, context.RequestAborted);
        }

        var decision = gate.Decide(principal, action, scope);
        if (decision.Outcome is AccessOutcome.Allow or AccessOutcome.Unauthenticated || !MapVersion.TryParse(context.Request.Query["atLeast"].ToString(), out var seen))
        {
            return decision;
        }

        // Rights that somebody was told of elsewhere may not have come here yet: who names that version is decided on with it.
        await engine.ReadAsync(scope, seen, TimeSpan.Zero, context.RequestAborted);
        return gate.Decide(principal, action, scope);
    }
}
