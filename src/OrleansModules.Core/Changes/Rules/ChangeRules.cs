using System.Collections.Immutable;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Changes.Rules;

/// <summary>Decides whether a request may change a scope, and what exactly changes. Pure; the same for every engine.</summary>
public static class ChangeRules
{
    /// <summary>Decides.</summary>
    /// <exception cref="ArgumentException">The command is not one for this kind of scope.</exception>
    public static RuleDecision Decide(ChangeRequest request, RuleContext context)
    {
        var outcome = (request.Scope.Kind, request.Command) switch
        {
            (_, ScopeCommand.PutSettings or ScopeCommand.PatchSettings or ScopeCommand.PutDocument) => SettingsRules.Decide(request, context.Current),
            (_, ScopeCommand.PutMember or ScopeCommand.RemoveMember) => MemberRules.Decide(request, context.Current),
            (_, ScopeCommand.CreateToken or ScopeCommand.RotateToken or ScopeCommand.RevokeToken) => TokenRules.Decide(request, context.Current),
            (ScopeKind.System, _) => SystemRules.Decide(request, (SystemLayer)context.Current, context),
            (_, ScopeCommand.PutScope or ScopeCommand.DeleteScope) => PropertyRules.Decide(request, (ScopeLayer)context.Current, context),
            _ => OverrideRules.Decide(request, (ScopeLayer)context.Current, context),
        };
        if (outcome.Faults.Count > 0)
        {
            return new RuleDecision.Refuse([.. outcome.Faults]);
        }

        if (outcome.IsNothing)
        {
            return new RuleDecision.Nothing();
        }

        var revision = context.Current.Revision + 1;
        return new RuleDecision.Append(new ChangeRecord
        {
            Scope = request.Scope,
            Revision = revision,
            Kind = outcome.Kind,
            Version = VersionOf(request.Scope.Kind, context.ParentVersion, revision),
            At = new DateTime(context.Now.Ticks - (context.Now.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc),
            Actor = request.Actor,
            Reason = request.Reason,
            OperationId = request.OperationId,
            Fingerprint = request.Fingerprint,
            Properties = outcome.Properties,
            Definitions = outcome.Definitions,
            Overrides = outcome.Overrides,
            Settings = outcome.Settings,
            Members = outcome.Members,
            Tokens = outcome.Tokens,
            Broke = outcome.Broke,
        });
    }

    /// <summary>The version of a scope's map with its own component replaced.</summary>
    public static MapVersion VersionOf(ScopeKind kind, MapVersion above, long own) => kind switch
    {
        ScopeKind.System => new MapVersion(kind, own, 0, 0, above.Epoch),
        ScopeKind.Org => new MapVersion(kind, above.System, own, 0, above.Epoch),
        _ => new MapVersion(kind, above.System, above.Org, own, above.Epoch),
    };
}

/// <summary>What a set of rules found.</summary>
internal sealed record RuleOutcome(ChangeKind Kind)
{
    public List<Fault> Faults { get; init; } = [];

    public ScopeProperties? Properties { get; init; }

    public ImmutableArray<DefinitionChange> Definitions { get; init; } = [];

    public ImmutableArray<OverrideChange> Overrides { get; init; } = [];

    public SettingsChange? Settings { get; init; }

    public ImmutableArray<MemberChange> Members { get; init; } = [];

    public ImmutableArray<TokenChange> Tokens { get; init; } = [];

    public ImmutableArray<string> Broke { get; init; } = [];

    public bool IsNothing => Properties is null && Settings is null && Definitions.IsEmpty && Overrides.IsEmpty && Members.IsEmpty && Tokens.IsEmpty;

    public static RuleOutcome Refused(params Fault[] faults) => new(default(ChangeKind)) { Faults = [.. faults] };
}
