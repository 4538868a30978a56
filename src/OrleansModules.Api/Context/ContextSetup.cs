using OrleansModules.Api.Access;
using OrleansModules.Api.Changes;
using OrleansModules.Api.OpenApi;
using OrleansModules.Api.Requests;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Context;

/// <summary>Registers and maps context, settings and navigation.</summary>
internal static class ContextSetup
{
    /// <summary>Registers what the endpoints need.</summary>
    public static void AddWorkspaceContext(this IServiceCollection services)
    {
        services.AddSingleton<ICallerRights, CallerRights>();
        services.AddSingleton<ContextReads>();
    }

    /// <summary>Maps the routes.</summary>
    public static void MapWorkspaceContext(this IEndpointRouteBuilder platform, IServiceProvider services)
    {
        var reads = services.GetRequiredService<ContextReads>();
        var changes = services.GetRequiredService<ChangeEndpoint>();
        platform.MapRead("/workspaces/{id}/context", reads.WorkspaceAsync).Requires(AccessAction.ReadMap, ScopeKind.Workspace).Describe(new("workspaceContext", "What a shell needs to draw the workspace")
        {
            Answer = typeof(WorkspaceContextAnswer), Query = ["atLeast"], IsConditional = true, Statuses = [404, 503],
        });
        platform.MapRead("/workspaces/{id}/metrics", reads.MetricsAsync).Requires(AccessAction.ReadMap, ScopeKind.Workspace).Describe(new("workspaceMetrics", "Which figures the overview of the workspace shows, and where the host asks the modules for them")
        {
            Answer = typeof(OverviewMetricsAnswer), Query = ["atLeast", "permissions"], IsConditional = true, Statuses = [404, 503],
        });
        platform.MapRead("/orgs/{id}/navigation", reads.NavigationAsync).Requires(AccessAction.ReadMap, ScopeKind.Org).Describe(new("orgNavigation", "The left navigation of the organization; workspaces do not change it")
        {
            Answer = typeof(NavigationAnswer), Query = ["admin", "atLeast", "permissions"], IsConditional = true, Statuses = [404, 503],
        });
        Map(platform.MapGroup("/settings"), ScopeKind.System, "system", "the system");
        Map(platform.MapGroup("/orgs/{id}/settings"), ScopeKind.Org, "org", "the organization");
        Map(platform.MapGroup("/workspaces/{id}/settings"), ScopeKind.Workspace, "workspace", "the workspace");

        void Map(IEndpointRouteBuilder settings, ScopeKind kind, string id, string what)
        {
            settings.MapRead("", reads.Settings(kind)).Requires(kind == ScopeKind.System ? AccessAction.ReadRegistry : AccessAction.ReadMap, kind).Describe(new($"{id}SettingsGet", $"Settings for shells: those of {what} itself, and those that count there")
            {
                Answer = typeof(SettingsAnswer), Query = ["atLeast"], IsConditional = true, Statuses = [404, 503],
            });
            settings.MapPut("", changes.Handle(kind, BodyKind.Json, SettingsCommands.Put)).Requires(AccessAction.ChangeScope, kind)
                .Describe(new($"{id}SettingsSet", $"Replaces the settings of {what}") { Body = typeof(SettingsBody), IsWrite = true });
            settings.MapPatch("", changes.Handle(kind, BodyKind.MergePatch, SettingsCommands.Patch)).Requires(AccessAction.ChangeScope, kind)
                .Describe(new($"{id}SettingsPatch", $"Changes the settings of {what} by a merge patch") { Body = typeof(SettingsBody), IsPatch = true, IsWrite = true });
        }
    }
}
