using OrleansModules.Core.Changes;

namespace OrleansModules.Storage.Postgres;

/// <summary>Operation ids of the store's own, for changes whose request had none: by them the outcome of a commit is found out.</summary>
/// <remarks>They have a space, which no id of a request has, and are nobody's business outside.</remarks>
internal static class OperationIds
{
    private const string Prefix = "store ";

    /// <summary>A new id.</summary>
    public static string Next() => Prefix + Guid.CreateVersion7().ToString("N");

    /// <summary>Whether the store made an id.</summary>
    public static bool IsOwn(string? id) => id is not null && id.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>A record as it was given to the store.</summary>
    public static ChangeRecord Strip(ChangeRecord record) => IsOwn(record.OperationId) ? record with { OperationId = null } : record;
}
