namespace OrleansModules.Client;

/// <summary>Why the last attempt to reach the service failed, or what it found out does not count.</summary>
public enum CopyProblem
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>No connection, no answer in time, or a connection that broke or fell silent.</summary>
    Unreachable,

    /// <summary>401: the token is missing, wrong or expired, and could not be renewed.</summary>
    Unauthorized,

    /// <summary>403: the token does not cover this scope.</summary>
    Forbidden,

    /// <summary>429: too many requests.</summary>
    Throttled,

    /// <summary>The service, or what stands before it, cannot answer now (5xx).</summary>
    Unavailable,

    /// <summary>The answer is not what the service says: no map, no events, too large, an unexpected status.</summary>
    BadAnswer,

    /// <summary>The service is at a lower version than the copy. Passes when a node catches up; it stays where the service's data was replaced by older data.</summary>
    Behind,

    /// <summary>The node that answers says that its store did not confirm for too long that it is current.</summary>
    StaleNode,

    /// <summary>All of <see cref="ModulesClientOptions.MaxScopes"/> are taken: the scope is not followed.</summary>
    NoRoom,
}
