using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace OrleansModules.Api.Contracts;

// Shapes of request bodies for the OpenAPI document. The readers in Core decide what is accepted; a test compares the two.

internal sealed record DependencyBody([property: Required] string Name, string? Range, bool? Optional);

internal sealed record DefinitionBody(
    string? Name, string? DisplayName, string? Description, string? Type, int? Tier, string? Version, string? MinCompatibleVersion, bool? IsInstalled, bool? IsEnabled,
    JsonObject? Config, string? ConfigMerge, Dictionary<string, bool>? FeatureFlags, JsonObject? NavConfig, DependencyBody[]? Dependencies, string[]? RequiredPermissions);

internal sealed record OverrideBody(bool? IsEnabled, JsonObject? ConfigOverrides, Dictionary<string, bool>? FeatureFlagOverrides);

internal sealed record OrgBody(string? Name);

internal sealed record WorkspaceBody(string? OrgId, string? Name);

internal sealed record BatchRequest([property: Required] string[] Workspaces, string? View);

internal sealed record MemberBody(string? Subject, [property: Required] string Role);

internal sealed record TokenBody([property: Required] string Name, [property: Required] string Role, DateTimeOffset? ExpiresAt);

internal sealed record RotateBody(int? OverlapSeconds);

internal sealed record UsageEventBody(
    [property: Required] string Module, string? OrgId, string? WorkspaceId, string? Actor, string? EventType, long? Quantity, DateTimeOffset? OccurredAt, JsonObject? Details);

internal sealed record UsageBody(
    string? Module, string? OrgId, string? WorkspaceId, string? Actor, string? EventType, long? Quantity, DateTimeOffset? OccurredAt, JsonObject? Details, UsageEventBody[]? Events);

internal sealed record ScheduleBody(bool? IsEnabled, string? Preset, string? TimeZone, Dictionary<string, PresetBody>? Presets);

internal sealed record PresetBody(string? Description, [property: Required] int IntervalMinutes, [property: Required] WindowBody[] Windows);

internal sealed record WindowBody([property: Required] string[] Days, [property: Required] string From, [property: Required] string To);
