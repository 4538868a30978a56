using System.Text.Json.Nodes;
using OrleansModules.Api.OpenApi;

namespace OrleansModules.Api.Contracts;

// Shapes of answers for the OpenAPI document. What is sent is written by hand elsewhere; a test compares the two.
// A '?' says that a member may be null. One with a default may be absent, and is then never null, unless it is [OrNull].

internal sealed record Mark(long Revision, DateTimeOffset At, string Actor);

internal sealed record Decision(string Scope, long Revision, DateTimeOffset At, string Actor);

internal sealed record Reason(string Code, string? Scope = null, string? Module = null);

internal sealed record Dependency(string Name, string Range, bool Optional);

internal sealed record EffectiveModuleAnswer(
    string Name, string DisplayName, string? Description, string Type, int Tier, string Version, bool IsInstalled, bool IsEnabled, bool IsAvailable, Reason[] Reasons,
    bool SystemEnabled, bool? OrgEnabled, bool? WsEnabled, JsonObject Config, Dictionary<string, bool> FeatureFlags, JsonObject NavConfig, Dependency[] Dependencies,
    string[] RequiredPermissions);

internal sealed record MapAnswer(EffectiveModuleAnswer[] Modules, string Version, long? StaleFor = null);

internal sealed record AvailabilityAnswer(string[] Available, string Version, long? StaleFor = null);

internal sealed record RegisteredModule(
    string Name, string DisplayName, string? Description, string Type, int Tier, string Version, string? MinCompatibleVersion, bool IsInstalled, bool IsEnabled, JsonObject Config,
    string ConfigMerge, Dictionary<string, bool> FeatureFlags, JsonObject NavConfig, Dependency[] Dependencies, string[] RequiredPermissions, bool IsAvailable, Reason[] Reasons,
    bool SystemEnabled, Mark Registered, Mark Updated);

internal sealed record RegistryAnswer(RegisteredModule[] Modules, string Version);

internal sealed record OrgItem(string OrgId, string? Name, long Revision);

internal sealed record OrgAnswer(string OrgId, string? Name, long Revision, string Version);

internal sealed record OrgPage(OrgItem[] Orgs, string? Next);

internal sealed record WorkspaceItem(string WorkspaceId, string OrgId, string? Name, long Revision);

internal sealed record WorkspaceAnswer(string WorkspaceId, string OrgId, string? Name, long Revision, string Version);

internal sealed record WorkspacePage(WorkspaceItem[] Workspaces, string? Next);

internal sealed record BatchItem(string WorkspaceId, string Version, EffectiveModuleAnswer[]? Modules = null, string[]? Available = null, long? StaleFor = null);

internal sealed record BatchAnswer(BatchItem[] Results, string[] NotFound);

internal sealed record Override(bool? IsEnabled, JsonObject ConfigOverrides, Dictionary<string, bool> FeatureFlagOverrides);

internal sealed record StoredOverride(string Module, Override Override, Mark Updated);

internal sealed record Receipt(
    bool Changed, string Scope, long Revision, string Version, long? Position = null, string? Kind = null, DateTimeOffset? At = null, string? Actor = null, string? Reason = null,
    ScopeProperties? Properties = null, string? Module = null, Definition? Definition = null, [property: OrNull] Override? Override = null, string? Subject = null,
    [property: OrNull] string? Role = null, TokenAnswer? Token = null, string? Secret = null, string[]? Broke = null);

internal sealed record ScopeProperties(string? Name = null, string? OrgId = null, string? HostVersion = null, bool? IsDeleted = null);

internal sealed record Definition(
    string Name, string DisplayName, string? Description, string Type, int Tier, string Version, string? MinCompatibleVersion, bool IsInstalled, bool IsEnabled, JsonObject Config,
    string ConfigMerge, Dictionary<string, bool> FeatureFlags, JsonObject NavConfig, Dependency[] Dependencies, string[] RequiredPermissions, bool? IsRemoved = null);

internal sealed record DefinitionChange(Definition After, Definition? Before = null);

internal sealed record OverrideChange(string Module, Override? Before = null, Override? After = null);

internal sealed record Change(
    long Position, string Scope, long Revision, string Kind, string Version, DateTimeOffset At, string Actor, string? Reason = null, ScopeProperties? Properties = null,
    DefinitionChange[]? Definitions = null, OverrideChange[]? Overrides = null, SettingsChange? Settings = null, MemberChange[]? Members = null, TokenChange[]? Tokens = null, string[]? Broke = null);

internal sealed record SettingsChange(JsonObject Before, JsonObject After);

internal sealed record MemberChange(string Subject, string? Before = null, string? After = null);

internal sealed record TokenChange(string Id, RecordedToken? Before = null, RecordedToken? After = null);

internal sealed record RecordedSecret(DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt = null);

internal sealed record RecordedToken(string Id, string Name, string Role, DateTimeOffset CreatedAt, RecordedSecret[] Secrets, DateTimeOffset? ExpiresAt = null);

internal sealed record TokenSecretAnswer(DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

internal sealed record TokenAnswer(string Id, string Name, string Role, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, TokenSecretAnswer[] Secrets);

internal sealed record TokenListAnswer(TokenAnswer[] Tokens);

internal sealed record MemberAnswer(string Subject, string Role, Mark Since);

internal sealed record MemberPage(MemberAnswer[] Members, string? Next);

internal sealed record Grant(string Scope, string Role);

internal sealed record WhoAmIAnswer(string Subject, string Kind, string? Name, DateTimeOffset? ExpiresAt, Grant[] Grants, string Scope, string[] Roles);

internal sealed record AuditRecord(
    long Position, DateTimeOffset At, string Subject, string Action, string Operation, string Scope, string Outcome, string TraceId, string? OnBehalfOf = null, string? From = null,
    string? OrgId = null, string? Target = null, string? Code = null, long? ChangePosition = null, long? Repeats = null);

internal sealed record AuditPage(AuditRecord[] Entries, long? Next);

internal sealed record HistoryPage(Change[] Changes, long? Next);

internal sealed record ExplainedEnabled(bool Value, Decision DecidedBy);

internal sealed record ExplainedReason(string Code, Decision? DecidedBy, string? Scope = null, string? Module = null, ExplainedReason[]? Because = null);

internal sealed record ExplainedAvailable(bool Value, ExplainedReason[] Reasons);

internal sealed record ExplainedValue(string Pointer, JsonNode? Value, Decision DecidedBy);

internal sealed record ExplainedScope(string Scope, bool HasOverride, bool? IsEnabled, JsonObject Config, Dictionary<string, bool> FeatureFlags, Mark? LastChange);

internal sealed record ExplanationAnswer(
    string Scope, string Version, string Module, ExplainedEnabled Enabled, ExplainedAvailable Available, ExplainedValue[] Config, ExplainedValue[] FeatureFlags, ExplainedScope[] Scopes);

internal sealed record UsageReceipt(int Accepted, int Dropped);

internal sealed record RollUpAnswer(DateOnly From, DateOnly To, long Sums);

internal sealed record UsageItem(DateOnly Period, string Module, string EventType, long Events, long Quantity, long PeakActors, long PeakWorkspaces);

internal sealed record UsagePage(string OrgId, string Granularity, DateOnly From, DateOnly To, UsageItem[] Usage, string? Next);

internal sealed record ScheduleAnswer(WarmingSchedule Schedule, Dictionary<string, WarmingPreset> Presets, string Version);

internal sealed record WarmingSchedule(bool IsEnabled, string Preset, string TimeZone, Dictionary<string, WarmingPreset> Presets);

internal sealed record WarmingPreset(int IntervalMinutes, WarmingWindow[] Windows, [property: OrNull] string? Description = null);

internal sealed record WarmingWindow(string[] Days, string From, string To);

internal sealed record LiveAnswer(string Status);

internal sealed record ReadyAnswer(string Status, bool CanRead, bool CanChange, string? Problem);

internal sealed record ProblemError(string Code, string Pointer, string Detail, string? Module = null, string? Scope = null);

internal sealed record Problem(
    string Type, string Title, int Status, string Detail, string Instance, string Code, string TraceId, long? CurrentRevision = null, string? CurrentVersion = null,
    string[]? Dependencies = null, string[]? Dependents = null, string? Scope = null, string? MissingRole = null, ProblemError[]? Errors = null);
