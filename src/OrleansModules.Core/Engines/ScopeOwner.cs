using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Changes.Rules;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Engines;

/// <summary>Decides a change against the current parent, appends it to the store, and only then lets anyone see it.</summary>
/// <remarks>
/// The engine sees to it that one change of a scope is under way at a time on this node. Should another node change the same scope,
/// the store refuses the later of the two, which is then decided again on what the first left.
/// </remarks>
public sealed class ScopeOwner(IScopeStore store, ModuleTree tree, Replica replica, FeedFollower follower, TimeProvider time)
{
    private const int NamedWorkspaces = 10;
    private const int Attempts = 4;

    /// <summary>Changes a scope.</summary>
    /// <param name="request">The change.</param>
    /// <param name="cancellationToken">Ends it before the change is handed to the record.</param>
    /// <param name="beaten">Told each time another node turns out to have changed the scope too; null tells nobody.</param>
    /// <exception cref="StoreException">The record is away; nothing changed, unless its outcome is unknown.</exception>
    public async ValueTask<ChangeAnswer> ChangeAsync(ChangeRequest request, CancellationToken cancellationToken, Action? beaten = null)
    {
        if (request.OperationId is { } operation && await store.FindOperationAsync(operation, cancellationToken) is { } first)
        {
            return Replay(request, first);
        }

        for (var attempt = 1; ; attempt++)
        {
            if (await TryChangeAsync(request, cancellationToken) is { } answer)
            {
                return answer;
            }

            beaten?.Invoke();
            if (attempt == Attempts)
            {
                throw new StoreException(StoreFailure.Unavailable, $"{request.Scope} was changed by others each of {Attempts} times this change was tried.");
            }

            await follower.CatchUpAsync(cancellationToken);
        }
    }

    /// <summary>One attempt; null where another node was faster.</summary>
    private async ValueTask<ChangeAnswer?> TryChangeAsync(ChangeRequest request, CancellationToken cancellationToken)
    {
        var current = tree.FindLayer(request.Scope) ?? LayerFold.Empty(request.Scope);
        var orgId = OrgIdOf(request, current);
        var parent = ParentOf(request.Scope, orgId);
        if (IsBasedOnAnother(request, current, parent.Version.Epoch))
        {
            return Refuse(request.Scope, current, parent, [new Fault(FaultCodes.RevisionMismatch, "If-Match", $"{request.Scope} is at revision {current.Revision} now: what the request was based on is another.") { Scope = request.Scope.ToString() }]);
        }

        var context = new RuleContext
        {
            Current = current,
            ParentMap = parent.Map,
            ParentVersion = parent.Version,
            OrgExists = request.Scope.Kind != ScopeKind.Workspace || parent.Version.Kind == ScopeKind.Org,
            Workspaces = await WorkspacesAsync(request, cancellationToken),
            Target = request.Command is ScopeCommand.Restore restore && restore.Revision <= current.Revision
                ? await LayerHistory.AtAsync(store, request.Scope, restore.Revision, cancellationToken)
                : null,
            Now = time.GetUtcNow().UtcDateTime,
        };
        return ChangeRules.Decide(request, context) switch
        {
            RuleDecision.Refuse refused => Refuse(request.Scope, current, parent, [.. refused.Faults]),
            RuleDecision.Append append => await AppendAsync(request, current, append.Change, cancellationToken),
            _ => new ChangeAnswer.Unchanged(ChangeRules.VersionOf(request.Scope.Kind, parent.Version, current.Revision)),
        };
    }

    private async ValueTask<ChangeAnswer?> AppendAsync(ChangeRequest request, Layer current, ChangeRecord change, CancellationToken cancellationToken)
    {
        var after = LayerFold.Apply(current, change);
        var epoch = replica.Epoch;
        switch (await store.AppendAsync(change, after, request.Identity, cancellationToken))
        {
            case AppendResult.Committed committed:
                replica.Took(epoch, committed.Record, after);
                return new ChangeAnswer.Accepted(committed.Record, IsReplay: false);
            case AppendResult.Repeated repeated:
                return Replay(request, repeated.First);
            case AppendResult.Conflict:
                return null;
            case AppendResult.Refused:
                return new ChangeAnswer.Refused([new Fault(FaultCodes.IdentityRefused, "", $"The record does not let '{request.Identity?.Subject}' make this change of {request.Scope}.") { Scope = request.Scope.ToString() }], null);
            case var other:
                throw new InvalidOperationException($"Unknown result {other}.");
        }
    }

    private async ValueTask<IReadOnlyList<string>> WorkspacesAsync(ChangeRequest request, CancellationToken cancellationToken)
    {
        if (request is not { Scope.Kind: ScopeKind.Org, Command: ScopeCommand.DeleteScope })
        {
            return [];
        }

        var some = await store.ListAsync(new ScopeListQuery(ScopeKind.Workspace, request.Scope.Id, null, NamedWorkspaces), cancellationToken);
        return [.. some.Select(s => s.Scope.Id)];
    }

    /// <summary>The organization of a workspace that a request is about; null for other scopes and where none is known.</summary>
    public static string? OrgIdOf(ChangeRequest request, Layer current) =>
        request.Scope.Kind == ScopeKind.Workspace ? (request.Command as ScopeCommand.PutScope)?.OrgId ?? ((ScopeLayer)current).OrgId : null;

    private static bool IsBasedOnAnother(ChangeRequest request, Layer current, int epoch) =>
        request.IfRevision is { } expected
        && (current.IsDeleted ? request.Command is ScopeCommand.PutScope : expected != current.Revision || (request.IfEpoch ?? epoch) != epoch);

    /// <summary>What is above a scope; the system's view where the organization does not exist.</summary>
    private ScopeView ParentOf(ScopeId scope, string? orgId)
    {
        if (scope.Kind == ScopeKind.Workspace && ScopeId.IsValidId(orgId) && tree.TryRead(ScopeId.Org(orgId), out var org))
        {
            return org;
        }

        tree.TryRead(ScopeId.System, out var system);
        return system;
    }

    private static ChangeAnswer.Refused Refuse(ScopeId scope, Layer current, ScopeView parent, Fault[] faults) =>
        new([.. faults], current.IsDeleted ? null : ChangeRules.VersionOf(scope.Kind, parent.Version, current.Revision));

    private static ChangeAnswer Replay(ChangeRequest request, ChangeRecord first) =>
        string.Equals(first.Fingerprint, request.Fingerprint, StringComparison.Ordinal) && first.Scope == request.Scope
            ? new ChangeAnswer.Accepted(first, IsReplay: true)
            : new ChangeAnswer.Refused([new Fault(FaultCodes.IdempotencyKeyReused, "Idempotency-Key", "This key named another request before.")], null);
}
