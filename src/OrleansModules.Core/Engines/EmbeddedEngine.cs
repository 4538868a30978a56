using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Changes.Rules;
using OrleansModules.Core.Explanations;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Engines;

/// <summary>The engine of one process: all layers in memory, a gate per scope as its owner.</summary>
/// <remarks>
/// A change is validated against the current parent, appended to the store, and only then seen by anyone. Call
/// <see cref="StartAsync"/> before anything else.
/// </remarks>
public sealed class EmbeddedEngine(IScopeStore store, ModuleTree tree, WatchHub watches, TimeProvider time) : IModuleEngine
{
    private const int NamedWorkspaces = 10;

    private static readonly EngineStatus Serving = new(CanRead: true, CanChange: true, null);

    private readonly ScopeGates _gates = new();
    private volatile EngineStatus _status = new(CanRead: false, CanChange: false, "Loading.");

    /// <inheritdoc/>
    public EngineStatus Status => _status;

    /// <summary>Loads every layer from the store. The engine answers nothing before this ends.</summary>
    /// <exception cref="StoreException">The record cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await foreach (var (scope, layer) in store.LoadAllAsync(cancellationToken))
        {
            tree.Apply(scope, layer);
        }

        _status = Serving;
    }

    /// <inheritdoc/>
    public bool TryRead(ScopeId scope, out ScopeView view) => tree.TryRead(scope, out view);

    /// <inheritdoc/>
    public async ValueTask<ReadAnswer> ReadAsync(ScopeId scope, MapVersion? atLeast, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!tree.TryRead(scope, out var view))
        {
            return new ReadAnswer(ReadStatus.NotFound, default);
        }

        if (atLeast is not { } wanted || view.Version.IsAtLeast(wanted))
        {
            return new ReadAnswer(ReadStatus.Found, view);
        }

        using var watch = Watch(scope);
        var started = time.GetTimestamp();
        while (tree.TryRead(scope, out view))
        {
            var left = patience - time.GetElapsedTime(started);
            if (view.Version.IsAtLeast(wanted))
            {
                return new ReadAnswer(ReadStatus.Found, view);
            }

            if (left <= TimeSpan.Zero || !await watch.WaitAsync(left, cancellationToken))
            {
                return new ReadAnswer(ReadStatus.Behind, view);
            }
        }

        return new ReadAnswer(ReadStatus.NotFound, default);
    }

    /// <inheritdoc/>
    public ValueTask<Layer?> ReadLayerAsync(ScopeId scope, CancellationToken cancellationToken) =>
        ValueTask.FromResult(tree.FindLayer(scope) is { IsDeleted: false } layer ? layer : null);

    /// <inheritdoc/>
    public ValueTask<Explanation?> ExplainAsync(ScopeId scope, string module, CancellationToken cancellationToken)
    {
        // Layers only move forward, so a view between two looks at the same layers belongs to them.
        while (true)
        {
            var system = (SystemLayer)tree.FindLayer(ScopeId.System)!;
            var own = tree.FindLayer(scope) as ScopeLayer;
            var orgId = scope.Kind == ScopeKind.Org ? scope.Id : own?.OrgId;
            if (orgId is null || tree.FindLayer(ScopeId.Org(orgId)) is not ScopeLayer org || !tree.TryRead(scope, out var view))
            {
                return ValueTask.FromResult<Explanation?>(null);
            }

            if (view.Version.System == system.Revision && view.Version.Org == org.Revision && view.Version.Own == own!.Revision)
            {
                return ValueTask.FromResult(new Explainer(scope, orgId, view, system, org, scope.Kind == ScopeKind.Workspace ? own : null).Explain(module));
            }
        }
    }

    /// <inheritdoc/>
    public ScopeWatch Watch(ScopeId scope) => watches.Watch(scope, scope.Kind == ScopeKind.Workspace ? (tree.FindLayer(scope) as ScopeLayer)?.OrgId : null);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChangeRecord>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => store.HistoryAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredLayer>> ListAsync(ScopeListQuery query, CancellationToken cancellationToken) => store.ListAsync(query, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ChangeAnswer> ChangeAsync(ChangeRequest request, CancellationToken cancellationToken)
    {
        using var gate = await _gates.EnterAsync(request.Scope, cancellationToken);
        if (request.OperationId is { } operation && await store.FindOperationAsync(operation, cancellationToken) is { } first)
        {
            return Replay(request, first);
        }

        var current = tree.FindLayer(request.Scope) ?? LayerFold.Empty(request.Scope);
        var orgId = request.Scope.Kind == ScopeKind.Workspace ? (request.Command as ScopeCommand.PutScope)?.OrgId ?? ((ScopeLayer)current).OrgId : null;

        // Creating a workspace holds its organization's gate too, so that the organization is not deleted meanwhile.
        var creates = request.Command is ScopeCommand.PutScope && current.IsDeleted && ScopeId.IsValidId(orgId);
        using var orgGate = creates ? await _gates.EnterAsync(ScopeId.Org(orgId!), cancellationToken) : null;

        var parent = ParentOf(request.Scope, orgId);
        if (request.IfRevision is { } expected && (current.IsDeleted ? request.Command is ScopeCommand.PutScope : expected != current.Revision))
        {
            return Refuse(request.Scope, current, parent, [new Fault(FaultCodes.RevisionMismatch, "If-Match", $"{request.Scope} is at revision {current.Revision}, not at {expected}.") { Scope = request.Scope.ToString() }]);
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
            RuleDecision.Append append => await AppendAsync(request, current, parent, append.Change, cancellationToken),
            _ => new ChangeAnswer.Unchanged(ChangeRules.VersionOf(request.Scope.Kind, parent.Version, current.Revision)),
        };
    }

    private async ValueTask<ChangeAnswer> AppendAsync(ChangeRequest request, Layer current, ScopeView parent, ChangeRecord change, CancellationToken cancellationToken)
    {
        var after = LayerFold.Apply(current, change);
        AppendResult result;
        try
        {
            result = await store.AppendAsync(change, after, cancellationToken);
            _status = Serving;
        }
        catch (StoreException e)
        {
            _status = new EngineStatus(CanRead: true, CanChange: false, e.Message);
            throw;
        }

        switch (result)
        {
            case AppendResult.Committed committed:
                tree.Apply(request.Scope, after);
                watches.Notify(request.Scope);
                return new ChangeAnswer.Accepted(committed.Record, IsReplay: false);
            case AppendResult.Repeated repeated:
                return Replay(request, repeated.First);
            case AppendResult.Conflict conflict:
                // Someone else writes to the store of a process that should have it for itself.
                return Refuse(request.Scope, current, parent, [new Fault(FaultCodes.RevisionMismatch, "", $"{request.Scope} is at revision {conflict.CurrentRevision} in the store.") { Scope = request.Scope.ToString() }]);
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

    private static ChangeAnswer Replay(ChangeRequest request, ChangeRecord first) =>
        string.Equals(first.Fingerprint, request.Fingerprint, StringComparison.Ordinal) && first.Scope == request.Scope
            ? new ChangeAnswer.Accepted(first, IsReplay: true)
            : new ChangeAnswer.Refused([new Fault(FaultCodes.IdempotencyKeyReused, "Idempotency-Key", "This key named another request before.")], null);

    private static ChangeAnswer.Refused Refuse(ScopeId scope, Layer current, ScopeView parent, Fault[] faults) =>
        new([.. faults], current.IsDeleted ? null : ChangeRules.VersionOf(scope.Kind, parent.Version, current.Revision));
}
