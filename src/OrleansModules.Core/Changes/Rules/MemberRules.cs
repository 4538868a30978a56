using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Changes.Rules;

/// <summary>Rules for who belongs to a scope. Whether the caller may say so is decided before.</summary>
internal static class MemberRules
{
    public static RuleOutcome Decide(ChangeRequest request, Layer current)
    {
        if (current.IsDeleted)
        {
            return RuleOutcome.Refused(Missing.Scope(request.Scope));
        }

        return request.Command is ScopeCommand.PutMember put
            ? Put(request.Scope, current, put)
            : Remove(request.Scope, current, ((ScopeCommand.RemoveMember)request.Command).Subject);
    }

    private static RuleOutcome Put(ScopeId scope, Layer current, ScopeCommand.PutMember command)
    {
        if (!ScopeRoles.Fits(command.Role, scope.Kind))
        {
            return RuleOutcome.Refused(NotFor(command.Role, scope));
        }

        var before = current.Access.FindMember(command.Subject)?.Role;
        if (before is null && current.Access.MemberCount >= ScopeAccess.MaxMembers)
        {
            return RuleOutcome.Refused(new Fault(FaultCodes.LimitReached, "", $"{scope} has {ScopeAccess.MaxMembers} members, the most a scope may have.") { Scope = scope.ToString() });
        }

        return new RuleOutcome(ChangeKind.MemberSet) { Members = before == command.Role ? [] : [new MemberChange(command.Subject, before, command.Role)] };
    }

    private static RuleOutcome Remove(ScopeId scope, Layer current, string subject) => current.Access.FindMember(subject) is { } member
        ? new RuleOutcome(ChangeKind.MemberRemoved) { Members = [new MemberChange(subject, member.Role, null)] }
        : RuleOutcome.Refused(new Fault(FaultCodes.MemberNotFound, "", $"{scope} has no member '{subject}'.") { Scope = scope.ToString() });

    public static Fault NotFor(ScopeRole role, ScopeId scope) => new(
        FaultCodes.RoleNotForScope,
        "/role",
        $"'{ScopeRoles.Word(role)}' is no role of {scope}; accepted: {string.Join(", ", ScopeRoles.Words.Where(r => ScopeRoles.Fits(r.Value, scope.Kind)).Select(r => r.Key).Order(StringComparer.Ordinal))}.")
    { Scope = scope.ToString() };
}
