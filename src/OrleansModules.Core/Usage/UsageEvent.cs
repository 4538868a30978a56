using OrleansModules.Core.Json;

namespace OrleansModules.Core.Usage;

/// <summary>One use of a module, as a host reports it.</summary>
/// <param name="Module">The module's name.</param>
/// <param name="OrgId">Where it was used.</param>
/// <param name="WorkspaceId">The workspace; null for the organization as a whole.</param>
/// <param name="Actor">Who used it, 1 to 200 characters; null when not said.</param>
/// <param name="EventType">What was done, a slug of at most 100 characters; <c>use</c> when not said.</param>
/// <param name="Quantity">How much, 0 to 10^12.</param>
/// <param name="OccurredAt">When, UTC.</param>
/// <param name="Details">Whatever else the host wants to keep.</param>
public sealed record UsageEvent(string Module, string OrgId, string? WorkspaceId, string? Actor, string EventType, long Quantity, DateTime OccurredAt, JsonObjectValue Details)
{
    /// <summary>Tells the event from all others, so that a store that is asked to write it again, because its answer was lost, counts it once where it can.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();
}

/// <summary>What was used on one UTC day.</summary>
/// <param name="Day">The day.</param>
/// <param name="Module">The module's name.</param>
/// <param name="EventType">What was done.</param>
/// <param name="Events">How many events.</param>
/// <param name="Quantity">The sum of their quantities.</param>
/// <param name="Actors">How many different actors.</param>
/// <param name="Workspaces">How many different workspaces.</param>
public sealed record DailyUsage(DateOnly Day, string Module, string EventType, long Events, long Quantity, long Actors, long Workspaces);

/// <summary>Asks what was used in an organization.</summary>
/// <param name="OrgId">The organization.</param>
/// <param name="Module">Only this module; null for all.</param>
/// <param name="From">First UTC day.</param>
/// <param name="To">Last UTC day.</param>
public sealed record UsageQuery(string OrgId, string? Module, DateOnly From, DateOnly To);
