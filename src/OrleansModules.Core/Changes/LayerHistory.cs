using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Core.Changes;

/// <summary>Works out what a scope said at an earlier revision, from its history.</summary>
public static class LayerHistory
{
    private const int PageSize = 500;

    /// <summary>The layer of a scope as it was at a revision.</summary>
    /// <param name="store">The record.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="revision">0 to the current revision.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null where the scope never was at that revision.</returns>
    /// <remarks>Reads the scope's history once, from that revision back to its start: restoring is rare, reading is not.</remarks>
    public static async ValueTask<Layer?> AtAsync(IScopeStore store, ScopeId scope, long revision, CancellationToken cancellationToken)
    {
        var records = new Stack<ChangeRecord>();
        var before = revision + 1;
        while (before > 1)
        {
            var page = await store.HistoryAsync(new HistoryQuery(scope, null, before, PageSize), cancellationToken);
            if (page.Count == 0)
            {
                break;
            }

            foreach (var record in page)
            {
                records.Push(record);
            }

            before = page[^1].Revision;
        }

        if (revision > 0 && (records.Count == 0 || records.Count != revision))
        {
            return null;
        }

        return records.Aggregate(LayerFold.Empty(scope), LayerFold.Apply);
    }
}
