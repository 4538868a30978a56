using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Explanations;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Engines;

/// <summary>What hosts the scopes, as the Api knows it: reads a map, changes a scope, watches a scope.</summary>
/// <remarks>All members may be called concurrently. Every engine passes the engine conformance suite.</remarks>
public interface IModuleEngine
{
    /// <summary>Reads a scope's map from memory, without waiting and, where nothing has to be resolved, without allocating.</summary>
    /// <returns>False where the scope does not exist or is not in memory.</returns>
    bool TryRead(ScopeId scope, out ScopeView view);

    /// <summary>Reads the version of a scope's map from memory, without waiting, allocating, or resolving the map.</summary>
    /// <returns>False where the scope does not exist or is not in memory.</returns>
    bool TryReadVersion(ScopeId scope, out MapVersion version);

    /// <summary>Reads a scope's map at a version at least as new as the one given, waiting for it if need be.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="atLeast">The version the caller has seen or written; null takes what is there.</param>
    /// <param name="patience">How long to wait at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<ReadAnswer> ReadAsync(ScopeId scope, MapVersion? atLeast, TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>The layer of a scope from memory, a deleted one's too; null where it is not in memory. Never waits, allocates nothing.</summary>
    Layer? FindLayer(ScopeId scope);

    /// <summary>The layer of a scope; null where it does not exist or was deleted.</summary>
    ValueTask<Layer?> ReadLayerAsync(ScopeId scope, CancellationToken cancellationToken);

    /// <summary>Explains one module of an organization or workspace.</summary>
    /// <returns>Null where the scope does not exist, or the system defines no module of that name.</returns>
    ValueTask<Explanation?> ExplainAsync(ScopeId scope, string module, CancellationToken cancellationToken);

    /// <summary>Changes a scope. Durable, and visible to every later read on this node, when it returns an accepted answer.</summary>
    /// <exception cref="StoreException">The record is away; nothing changed, unless its outcome is unknown.</exception>
    ValueTask<ChangeAnswer> ChangeAsync(ChangeRequest request, CancellationToken cancellationToken);

    /// <summary>Watches a scope's map. Dispose the watch to end it.</summary>
    ScopeWatch Watch(ScopeId scope);

    /// <summary>Changes of one scope, newest first. Empty where the scope never existed.</summary>
    /// <exception cref="StoreException">The record is away.</exception>
    ValueTask<IReadOnlyList<ChangeRecord>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken);

    /// <summary>Organizations or workspaces, ordered by id.</summary>
    /// <exception cref="StoreException">The record is away.</exception>
    ValueTask<IReadOnlyList<StoredLayer>> ListAsync(ScopeListQuery query, CancellationToken cancellationToken);

    /// <summary>Whether the engine can serve; never waits.</summary>
    EngineStatus Status { get; }

    /// <summary>How old what reads answer may be, where the record has not confirmed it for longer than it should; null while it is fresh.</summary>
    /// <remarks>Never waits, allocates nothing.</remarks>
    TimeSpan? StaleFor { get; }
}

/// <summary>What <see cref="IModuleEngine.ReadAsync"/> answers.</summary>
/// <param name="Status">How the read ended.</param>
/// <param name="View">The view; of no meaning where the scope was not found.</param>
public readonly record struct ReadAnswer(ReadStatus Status, ScopeView View);

/// <summary>How a read can end.</summary>
public enum ReadStatus : byte
{
    /// <summary>The scope does not exist.</summary>
    NotFound,

    /// <summary>The view is there, at least as new as asked.</summary>
    Found,

    /// <summary>The view is there, but older than asked, and the wait is over.</summary>
    Behind,
}

/// <summary>What an engine can do at this moment.</summary>
/// <param name="CanRead">Whether reads are answered.</param>
/// <param name="CanChange">Whether changes are accepted.</param>
/// <param name="Problem">What is wrong, for an operator; null when nothing is.</param>
public sealed record EngineStatus(bool CanRead, bool CanChange, string? Problem)
{
    /// <summary>What the store said; of no meaning while changes are accepted.</summary>
    internal StoreFailure Failure { get; init; }
}
