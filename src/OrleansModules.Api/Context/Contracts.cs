using System.Text.Json.Nodes;
using OrleansModules.Api.Contracts;
using OrleansModules.Api.OpenApi;

namespace OrleansModules.Api.Context;

// Shapes for the OpenAPI document. What is sent is written by hand elsewhere; a test compares the two.

[OrNull]
internal sealed record SettingsBody(
    string? Color = null, bool? EnableColorCoding = null, bool? EnableFavorites = null, bool? EnableTags = null, JsonObject? Extra = null, string? Icon = null, string? NavIcon = null,
    string? NavLabelPlural = null, string? NavLabelSingular = null, string[]? TabOrder = null);

internal sealed record Settings(
    string? Color = null, bool? EnableColorCoding = null, bool? EnableFavorites = null, bool? EnableTags = null, JsonObject? Extra = null, string? Icon = null, string? NavIcon = null,
    string? NavLabelPlural = null, string? NavLabelSingular = null, string[]? TabOrder = null);

internal sealed record SettingsAnswer(string Scope, Settings Settings, Settings Effective, string Version);

internal sealed record WorkspaceInfo(string Id, string? Name, string? Color, string? Icon);

internal sealed record NavigationLabels(string LabelSingular, string LabelPlural, string Icon);

internal sealed record WorkspaceFeatures(bool FavoritesEnabled, bool TagsEnabled, bool ColorCodingEnabled);

internal sealed record ModuleAvailability(string Version, string[] EnabledModules, EffectiveModuleAnswer[] Modules);

internal sealed record WorkspaceContextAnswer(
    string WorkspaceId, string OrgId, WorkspaceInfo Workspace, NavigationLabels Navigation, WorkspaceFeatures Features, JsonObject Extra, string? UserRole, ModuleAvailability ModuleAvailability,
    string[] TabOrder);

internal sealed record OverviewMetric(string Name, string Label, string? Unit, string? Icon);

internal sealed record ModuleMetricsAnswer(string Module, string DisplayName, string? Endpoint, OverviewMetric[] Metrics);

internal sealed record OverviewMetricsAnswer(string WorkspaceId, ModuleMetricsAnswer[] Modules, string Version);

internal sealed record NavigationAnswer(string OrgId, JsonObject[] Items, string Version);
