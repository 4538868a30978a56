using System.Text.Json.Nodes;
using OrleansModules.Api.Contracts;

namespace OrleansModules.Api.Context;

// Shapes for the OpenAPI document. What is sent is written by hand elsewhere; a test compares the two.

internal sealed record SettingsBody(
    string? Color, bool? EnableColorCoding, bool? EnableFavorites, bool? EnableTags, JsonObject? Extra, string? Icon, string? NavIcon, string? NavLabelPlural, string? NavLabelSingular,
    string[]? TabOrder);

internal sealed record SettingsAnswer(string Scope, SettingsBody Settings, SettingsBody Effective, string Version);

internal sealed record WorkspaceInfo(string Id, string? Name, string? Color, string? Icon);

internal sealed record NavigationLabels(string LabelSingular, string LabelPlural, string Icon);

internal sealed record WorkspaceFeatures(bool FavoritesEnabled, bool TagsEnabled, bool ColorCodingEnabled);

internal sealed record ModuleAvailability(string Version, string[] EnabledModules, EffectiveModuleAnswer[] Modules);

internal sealed record WorkspaceContextAnswer(
    string WorkspaceId, string OrgId, WorkspaceInfo Workspace, NavigationLabels Navigation, WorkspaceFeatures Features, JsonObject Extra, string? UserRole, ModuleAvailability ModuleAvailability,
    string[] TabOrder);

internal sealed record NavigationAnswer(string OrgId, JsonObject[] Items, string Version);
