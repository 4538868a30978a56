using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;

namespace OrleansModules.Core.Stores;

/// <summary>What the service itself appends.</summary>
public static class ScopeStoreAppends
{
    /// <summary>Appends a change as the service itself, see <see cref="IScopeStore.AppendAsync"/>.</summary>
    public static ValueTask<AppendResult> AppendAsync(this IScopeStore store, ChangeRecord change, Layer after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.AppendAsync(change, after, null, cancellationToken);
    }
}
