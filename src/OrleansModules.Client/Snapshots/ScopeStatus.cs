namespace OrleansModules.Client;

/// <summary>What is known about a scope, and since when.</summary>
/// <param name="State">What is known.</param>
/// <param name="Version">The version of the map; null where there is none.</param>
/// <param name="Age">Time since the service last confirmed the map, never negative; null where there is none.</param>
/// <param name="Problem">Why the last attempt to reach the service failed; <see cref="CopyProblem.None"/> after one that did not.</param>
/// <param name="Detail">The problem for a person; null where there is none. Never has a token.</param>
public readonly record struct ScopeStatus(CopyState State, MapVersion? Version, TimeSpan? Age, CopyProblem Problem, string? Detail)
{
    /// <summary>Whether there is a map and it is stale.</summary>
    public bool IsStale => State == CopyState.Stale;
}
