using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Core.Transfer;

/// <summary>
/// Takes an export into a store: every change with its revision, time, actor and operation id. The store must be empty or hold the
/// beginning of the same export, as after an import that was cut short.
/// </summary>
public static class RecordImport
{
    private const int PageSize = 1000;

    /// <summary>Says what an import would do, and changes nothing.</summary>
    /// <exception cref="FormatException">The file is no export, is not whole, or its changes do not follow each other.</exception>
    /// <exception cref="StoreException">The record cannot be read.</exception>
    public static Task<ImportReport> PlanAsync(IScopeStore store, Stream source, CancellationToken cancellationToken) => RunAsync(store, source, append: false, cancellationToken);

    /// <summary>Imports. Read the file before by <see cref="PlanAsync"/>: this one finds a fault where it is, after what comes before it.</summary>
    /// <exception cref="FormatException">As for <see cref="PlanAsync"/>; what came before the fault is in the store.</exception>
    /// <exception cref="StoreException">The record cannot be read or written; what came before is in the store.</exception>
    public static Task<ImportReport> ImportAsync(IScopeStore store, Stream source, CancellationToken cancellationToken) => RunAsync(store, source, append: true, cancellationToken);

    private static async Task<ImportReport> RunAsync(IScopeStore store, Stream source, bool append, CancellationToken cancellationToken)
    {
        var known = (await store.HeadAsync(cancellationToken)).Position;
        var layers = new Dictionary<ScopeId, Layer>();
        var there = new Queue<ChangeRecord>();
        var (read, added) = (0L, 0L);
        await foreach (var change in RecordExportReader.ReadAsync(source, cancellationToken))
        {
            read++;
            layers[change.Scope] = After(layers.GetValueOrDefault(change.Scope), change);
            if (read <= known)
            {
                if (there.Count == 0)
                {
                    there = new Queue<ChangeRecord>(await store.FeedAsync(read - 1, PageSize, cancellationToken));
                }

                RequireSame(there.Dequeue(), change);
                continue;
            }

            if (append && await store.AppendAsync(change, layers[change.Scope], cancellationToken) is not AppendResult.Committed)
            {
                throw new StoreException(StoreFailure.InUse, $"The store was changed by someone else while change {change.Position} was imported.");
            }

            added++;
        }

        if (read < known)
        {
            throw new FormatException($"The store holds {known} changes, the export only {read}: it is not a later state of the same record.");
        }

        return new ImportReport(
            read,
            added,
            (layers.GetValueOrDefault(ScopeId.System) as SystemLayer)?.Definitions.Values.Count(d => !d.Definition.IsRemoved) ?? 0,
            layers.Count(l => l.Key.Kind == ScopeKind.Org && !l.Value.IsDeleted),
            layers.Count(l => l.Key.Kind == ScopeKind.Workspace && !l.Value.IsDeleted));
    }

    private static Layer After(Layer? before, ChangeRecord change)
    {
        try
        {
            return LayerFold.Apply(before, change);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException($"Line {change.Position + 1}: {e.Message}", e);
        }
    }

    private static void RequireSame(ChangeRecord known, ChangeRecord given)
    {
        if (!ChangeRecordJson.ToUtf8(known).AsSpan().SequenceEqual(ChangeRecordJson.ToUtf8(given)))
        {
            throw new FormatException($"Line {given.Position + 1}: the store holds another change at position {given.Position}. Import into an empty store, or into one that holds the beginning of this export.");
        }
    }
}

/// <summary>What an import did, or would do.</summary>
/// <param name="Changes">Changes in the export.</param>
/// <param name="Added">Those that the store did not have.</param>
/// <param name="Modules">Modules after it, removed ones left out.</param>
/// <param name="Orgs">Organizations after it.</param>
/// <param name="Workspaces">Workspaces after it.</param>
public sealed record ImportReport(long Changes, long Added, int Modules, int Orgs, int Workspaces);
