using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Stores;

/// <summary>The record: keeps every change of every scope, durably, and the layer each scope is at.</summary>
/// <remarks>
/// All members may be called concurrently. Errors that are not the caller's fault are <see cref="StoreException"/>. What every
/// implementation promises is written as tests in the store conformance suite.
/// </remarks>
public interface IScopeStore : IAsyncDisposable
{
    /// <summary>How far the feed is, read from the record itself, not from a copy.</summary>
    ValueTask<FeedHead> HeadAsync(CancellationToken cancellationToken);

    /// <summary>Begins a new epoch. For an operator who restored the record from a backup, before anyone reads it.</summary>
    /// <param name="reason">Why, 1 to 1,000 characters; kept beside the epoch.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new epoch, durable when it returns.</returns>
    ValueTask<long> RaiseEpochAsync(string reason, CancellationToken cancellationToken);

    /// <summary>The current layers of all scopes, deleted ones included, as of one moment; organizations before workspaces.</summary>
    /// <returns>Pairs in no other order. The enumeration is not disturbed by later changes.</returns>
    IAsyncEnumerable<StoredLayer> LoadAllAsync(CancellationToken cancellationToken);

    /// <summary>The current layers of some scopes; scopes nothing was ever said about are left out.</summary>
    ValueTask<IReadOnlyList<StoredLayer>> LoadAsync(IReadOnlyCollection<ScopeId> scopes, CancellationToken cancellationToken);

    /// <summary>Appends a change if the scope is still at the revision it was decided on. Durable when it returns.</summary>
    /// <param name="change">The change; its revision is the expected one plus 1, its position is ignored.</param>
    /// <param name="after">The scope's layer after the change, see <see cref="LayerFold"/>; a store that keeps layers keeps this very object.</param>
    /// <param name="identity">As whom; null as the service itself, who may everything. A store without a wall of its own takes changes of everybody.</param>
    /// <param name="cancellationToken">Gives up waiting only before the change was handed to the disk or database.</param>
    /// <returns>
    /// The record as committed; or the earlier record of the same operation id, with nothing changed; or the revision the scope is
    /// really at, with nothing changed; or that the identity may not make the change, with nothing changed.
    /// </returns>
    /// <exception cref="StoreException">
    /// Nothing was changed, unless its <see cref="StoreException.OutcomeUnknown"/> says that this cannot be known.
    /// </exception>
    ValueTask<AppendResult> AppendAsync(ChangeRecord change, Layer after, ChangeIdentity? identity, CancellationToken cancellationToken);

    /// <summary>The change that an operation id named; null when there is none (any more: see the store's retention).</summary>
    ValueTask<ChangeRecord?> FindOperationAsync(string operationId, CancellationToken cancellationToken);

    /// <summary>Changes of one scope, newest first.</summary>
    ValueTask<IReadOnlyList<ChangeRecord>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken);

    /// <summary>Changes of all scopes after a position, in order of position, without gaps.</summary>
    /// <param name="after">The last position already known; 0 reads from the start.</param>
    /// <param name="limit">At most this many, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<IReadOnlyList<ChangeRecord>> FeedAsync(long after, int limit, CancellationToken cancellationToken);

    /// <summary>Organizations, or workspaces, that are not deleted, ordered by id (ordinally).</summary>
    ValueTask<IReadOnlyList<StoredLayer>> ListAsync(ScopeListQuery query, CancellationToken cancellationToken);
}

/// <summary>How far a feed is.</summary>
/// <param name="Epoch">Raised by an operator who restored the record from a backup: what was loaded before it counts no more. 0 at first.</param>
/// <param name="Position">The position of the last change; 0 when there is none.</param>
public readonly record struct FeedHead(long Epoch, long Position);

/// <summary>A scope with the layer it is at.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="Layer">Its layer.</param>
public readonly record struct StoredLayer(ScopeId Scope, Layer Layer);

/// <summary>Asks for changes of one scope, newest first.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="Module">Only changes that touched this module; null for all.</param>
/// <param name="Before">Only revisions below this one; null starts at the newest.</param>
/// <param name="Limit">At most this many, 1 to 1,001 (one more than a page, to see whether there is another).</param>
public sealed record HistoryQuery(ScopeId Scope, string? Module, long? Before, int Limit);

/// <summary>Asks for a page of organizations or workspaces.</summary>
/// <param name="Kind">Organizations or workspaces.</param>
/// <param name="OrgId">Only workspaces of this organization; null for all.</param>
/// <param name="After">Only ids after this one; null starts at the first.</param>
/// <param name="Limit">At most this many, 1 to 1,001 (one more than a page, to see whether there is another).</param>
public sealed record ScopeListQuery(ScopeKind Kind, string? OrgId, string? After, int Limit);
