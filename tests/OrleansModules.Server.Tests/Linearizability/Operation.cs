namespace OrleansModules.Server.Tests.Linearizability;

/// <summary>One call of one client, with the times around it.</summary>
/// <param name="Invoked">Just before the request was sent.</param>
/// <param name="Returned">Just after its answer was there.</param>
internal abstract record Operation(long Invoked, long Returned)
{
    /// <summary>Whether it was over before another began.</summary>
    public bool IsBefore(Operation other) => Returned < other.Invoked;
}

/// <summary>A conditional write.</summary>
/// <param name="Invoked">Just before the request was sent.</param>
/// <param name="Returned">Just after its answer was there.</param>
/// <param name="Scope">What was written.</param>
/// <param name="IfRevision">The revision that it was based on.</param>
/// <param name="Value">The unique value that it wrote.</param>
/// <param name="Revision">The revision that it made; null where it was refused because the scope was at another.</param>
internal sealed record Write(long Invoked, long Returned, string Scope, long IfRevision, string Value, long? Revision) : Operation(Invoked, Returned);

/// <summary>A read of a map: what it shows of every scope above and of its own.</summary>
/// <param name="Invoked">Just before the request was sent.</param>
/// <param name="Returned">Just after its answer was there.</param>
/// <param name="Seen">Per scope.</param>
internal sealed record Read(long Invoked, long Returned, params IReadOnlyList<Sight> Seen) : Operation(Invoked, Returned);

/// <summary>What a read shows of a scope.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="Revision">Its component of the map's version.</param>
/// <param name="Value">The value in the map; null where the scope says none.</param>
internal readonly record struct Sight(string Scope, long Revision, string? Value);
