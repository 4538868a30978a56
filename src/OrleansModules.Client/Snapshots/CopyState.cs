namespace OrleansModules.Client;

/// <summary>What is known about a scope.</summary>
public enum CopyState
{
    /// <summary>No map yet: the first read is under way, or failed.</summary>
    Unknown,

    /// <summary>The map is, or was within <see cref="ModulesClientOptions.StaleAfter"/>, the service's.</summary>
    Fresh,

    /// <summary>The last map known; the service did not confirm it for longer than that, or not since the process started, or says itself that it is stale.</summary>
    Stale,

    /// <summary>The service says that the scope does not exist, or not for this client.</summary>
    NotFound,
}
