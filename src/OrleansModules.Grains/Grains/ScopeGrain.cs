using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Grains.Contracts;
using OrleansModules.Grains.Wire;

namespace OrleansModules.Grains.Grains;

/// <summary>What the grains of all kinds of scopes do: one change at a time, decided on this silo's replica, made by the record.</summary>
/// <remarks>
/// A grain keeps nothing of its own: what it decides on and what it answers are the layers and maps of its silo's replica, which the
/// Api of that silo reads as well. So a second activation can only lose a race at the record, never answer something else.
/// </remarks>
internal abstract class ScopeGrain(NodeServices node) : Grain, IScopeGrain
{
    private bool _isCurrent;

    /// <summary>The scope.</summary>
    protected ScopeId Scope => ScopeId.Parse(this.GetPrimaryKeyString());

    /// <summary>This silo's replica and what belongs to it.</summary>
    protected NodeServices Node => node;

    /// <inheritdoc/>
    public Task<AnswerMessage> Change(ChangeMessage change) => AnswerAsync(change, () => DecideAsync(change));

    /// <inheritdoc/>
    public ValueTask<StateMessage> Read()
    {
        var exists = node.Tree.TryRead(Scope, out var view);
        return ValueTask.FromResult(new StateMessage(exists ? view.Version.ToString() : null, node.RevisionOf(Scope)));
    }

    /// <summary>Decides a change of this scope.</summary>
    protected virtual Task<AnswerMessage> DecideAsync(ChangeMessage change) => OwnAsync(change);

    /// <summary>Decides a change and commits it, here.</summary>
    protected async Task<AnswerMessage> OwnAsync(ChangeMessage change) =>
        ChangeWire.ToMessage(await node.Owner.ChangeAsync(ChangeWire.FromMessage(change), CancellationToken.None, beaten: DeactivateOnIdle));

    /// <summary>Sees to it that this silo has what the change is to be decided on, and puts failures of the record into the answer.</summary>
    protected async Task<AnswerMessage> AnswerAsync(ChangeMessage change, Func<Task<AnswerMessage>> decide)
    {
        try
        {
            var scope = ScopeId.Parse(change.Scope);
            using var pin = await node.Loader.HoldAsync(scope, CancellationToken.None);
            await CatchUpAsync(change, scope);
            var answer = await decide();
            await node.Loader.EnsureAsync(scope, CancellationToken.None);
            return answer;
        }
        catch (StoreException e)
        {
            _isCurrent = false; // what was under way may have been committed all the same
            return ChangeWire.ToMessage(e);
        }
    }

    private async Task CatchUpAsync(ChangeMessage change, ScopeId scope)
    {
        // A new activation may be on a silo that has not heard yet what the last one committed, and any on one that has not heard of
        // another scope's grain: an organization's creates what a workspace's deleted.
        var revision = node.RevisionOf(scope);
        var isBehind = !_isCurrent || revision < change.SeenRevision || (change.IfRevision is { } expected && expected != revision);
        if (isBehind || (ChangeWire.Version(change.Seen) is { } seen && !node.Has(seen, scope)))
        {
            await node.Follower.CatchUpAsync(CancellationToken.None);
            _isCurrent = true;
        }
    }
}
