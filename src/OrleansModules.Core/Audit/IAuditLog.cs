using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Audit;

/// <summary>Keeps the audit trail.</summary>
/// <remarks>All members may be called concurrently. Errors that are not the caller's fault are <see cref="Stores.StoreException"/>.</remarks>
public interface IAuditLog
{
    /// <summary>Appends an entry, in order. Never waits for anything slower than a local file; what is durable when it returns, the log says.</summary>
    ValueTask AppendAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Entries that fit, newest first.</summary>
    ValueTask<IReadOnlyList<AuditEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken);
}

/// <summary>Asks for a page of the audit trail. Null filters let everything through.</summary>
/// <param name="Scope">The system for everything, an organization with its workspaces, or a workspace.</param>
/// <param name="Limit">At most this many, 1 to 1,001 (one more than a page, to see whether there is another).</param>
public sealed record AuditQuery(ScopeId Scope, int Limit)
{
    /// <summary>Only positions below this one.</summary>
    public long? Before { get; init; }

    /// <summary>Only what this subject did, or had done.</summary>
    public string? Subject { get; init; }

    /// <summary>Only this action.</summary>
    public string? Action { get; init; }

    /// <summary>Only this outcome.</summary>
    public AuditOutcome? Outcome { get; init; }

    /// <summary>Only from this time on, UTC.</summary>
    public DateTime? Since { get; init; }

    /// <summary>Only before this time, UTC.</summary>
    public DateTime? Until { get; init; }
}
