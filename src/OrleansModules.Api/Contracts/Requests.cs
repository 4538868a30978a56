using System.Text.Json.Nodes;
using OrleansModules.Api.OpenApi;

namespace OrleansModules.Api.Contracts;

// Shapes of request bodies for the OpenAPI document, by the rules of answers. Readers decide what is accepted; a test sends what the document
// allows. In a merge patch every member may be null, which takes it away.

internal sealed record DependencyBody(string Name, [property: OrNull] string? Range = null, bool? Optional = null);

internal sealed record DefinitionBody(
    string? Name = null, [property: OrNull] string? DisplayName = null, [property: OrNull] string? Description = null, string? Type = null, int? Tier = null,
    [property: OrNull] string? Version = null, [property: OrNull] string? MinCompatibleVersion = null, bool? IsInstalled = null, bool? IsEnabled = null, JsonObject? Config = null,
    string? ConfigMerge = null, Dictionary<string, bool>? FeatureFlags = null, JsonObject? NavConfig = null, DependencyBody[]? Dependencies = null, string[]? RequiredPermissions = null);

[OrNull]
internal sealed record DefinitionPatch(
    string? Name = null, string? DisplayName = null, string? Description = null, string? Type = null, int? Tier = null, string? Version = null, string? MinCompatibleVersion = null,
    bool? IsInstalled = null, bool? IsEnabled = null, JsonObject? Config = null, string? ConfigMerge = null, Dictionary<string, bool?>? FeatureFlags = null, JsonObject? NavConfig = null,
    DependencyBody[]? Dependencies = null, string[]? RequiredPermissions = null);

internal sealed record OverrideBody([property: OrNull] bool? IsEnabled = null, JsonObject? ConfigOverrides = null, Dictionary<string, bool>? FeatureFlagOverrides = null);

[OrNull]
internal sealed record OverridePatch(bool? IsEnabled = null, JsonObject? ConfigOverrides = null, Dictionary<string, bool?>? FeatureFlagOverrides = null);

[OrNull]
internal sealed record OrgBody(string? Name = null);

[OrNull]
internal sealed record WorkspaceBody(string? OrgId = null, string? Name = null);

internal sealed record BatchRequest(string[] Workspaces, string? View = null);

internal sealed record MemberBody(string Role, string? Subject = null);

internal sealed record TokenBody(string Name, string Role, [property: OrNull] DateTimeOffset? ExpiresAt = null);

internal sealed record RotateBody(int? OverlapSeconds = null);

internal sealed record UsageEventBody(
    string Module, [property: OrNull] string? OrgId = null, [property: OrNull] string? WorkspaceId = null, [property: OrNull] string? Actor = null,
    [property: OrNull] string? EventType = null, long? Quantity = null, [property: OrNull] DateTimeOffset? OccurredAt = null, JsonObject? Details = null);

internal sealed record UsageBody(
    string? Module = null, [property: OrNull] string? OrgId = null, [property: OrNull] string? WorkspaceId = null, [property: OrNull] string? Actor = null,
    [property: OrNull] string? EventType = null, long? Quantity = null, [property: OrNull] DateTimeOffset? OccurredAt = null, JsonObject? Details = null, UsageEventBody[]? Events = null);

internal sealed record ScheduleBody(bool? IsEnabled = null, [property: OrNull] string? Preset = null, [property: OrNull] string? TimeZone = null, Dictionary<string, PresetBody>? Presets = null);

internal sealed record PresetBody(int IntervalMinutes, WindowBody[] Windows, [property: OrNull] string? Description = null);

internal sealed record WindowBody(string[] Days, string From, string To);
