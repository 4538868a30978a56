using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Changes.Rules;

/// <summary>Rules for the tokens of a scope. Whether the caller may make them is decided before.</summary>
internal static class TokenRules
{
    public static RuleOutcome Decide(ChangeRequest request, Layer current)
    {
        if (current.IsDeleted)
        {
            return RuleOutcome.Refused(Missing.Scope(request.Scope));
        }

        return request.Command switch
        {
            ScopeCommand.CreateToken c => Create(request.Scope, current, c.Token),
            ScopeCommand.RotateToken c => Rotate(request.Scope, current, c),
            _ => Revoke(request.Scope, current, ((ScopeCommand.RevokeToken)request.Command).Id),
        };
    }

    private static RuleOutcome Create(ScopeId scope, Layer current, AccessToken token)
    {
        var faults = new List<Fault>();
        if (!ScopeRoles.Fits(token.Role, scope.Kind))
        {
            faults.Add(MemberRules.NotFor(token.Role, scope));
        }

        if (current.Access.FindToken(token.Id) is not null)
        {
            faults.Add(new Fault(FaultCodes.TokenExists, "/id", $"{scope} already has a token '{token.Id}'.") { Scope = scope.ToString() });
        }
        else if (current.Access.TokenCount >= ScopeAccess.MaxTokens)
        {
            faults.Add(new Fault(FaultCodes.LimitReached, "", $"{scope} has {ScopeAccess.MaxTokens} tokens, the most a scope may have: revoke some first.") { Scope = scope.ToString() });
        }

        return new RuleOutcome(ChangeKind.TokenCreated) { Faults = faults, Tokens = [new TokenChange(token.Id, null, token)] };
    }

    private static RuleOutcome Rotate(ScopeId scope, Layer current, ScopeCommand.RotateToken command)
    {
        if (current.Access.FindToken(command.Id) is not { } before)
        {
            return RuleOutcome.Refused(NotFound(scope, command.Id));
        }

        var newest = before.Secrets[^1];
        var ends = newest.ExpiresAt is { } until && until < command.OldUntil ? until : command.OldUntil;
        var after = before with { Secrets = [newest with { ExpiresAt = ends }, command.Next] };
        return new RuleOutcome(ChangeKind.TokenRotated) { Tokens = [new TokenChange(before.Id, before, after)] };
    }

    private static RuleOutcome Revoke(ScopeId scope, Layer current, string id) => current.Access.FindToken(id) is { } before
        ? new RuleOutcome(ChangeKind.TokenRevoked) { Tokens = [new TokenChange(id, before, null)] }
        : RuleOutcome.Refused(NotFound(scope, id));

    private static Fault NotFound(ScopeId scope, string id) => new(FaultCodes.TokenNotFound, "", $"{scope} has no token '{id}'.") { Scope = scope.ToString() };
}
