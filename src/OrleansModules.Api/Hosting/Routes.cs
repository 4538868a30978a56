using OrleansModules.Api.Access;
using OrleansModules.Api.Changes;
using OrleansModules.Api.Context;
using OrleansModules.Api.Contracts;
using OrleansModules.Api.Health;
using OrleansModules.Api.History;
using OrleansModules.Api.OpenApi;
using OrleansModules.Api.OpenFeature;
using OrleansModules.Api.Overrides;
using OrleansModules.Api.Reads;
using OrleansModules.Api.Registry;
using OrleansModules.Api.Requests;
using OrleansModules.Api.Schedule;
using OrleansModules.Api.Scopes;
using OrleansModules.Api.Streaming;
using OrleansModules.Api.Usage;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api;

/// <summary>The list of all routes: what is where, and who answers.</summary>
internal sealed class Routes(IServiceProvider services)
{
    private readonly WorkspaceCreation _creation = services.GetRequiredService<WorkspaceCreation>();
    private readonly BatchRead _batch = services.GetRequiredService<BatchRead>();
    private readonly ChangeEndpoint _changes = services.GetRequiredService<ChangeEndpoint>();
    private readonly EventStream _events = services.GetRequiredService<EventStream>();
    private readonly HealthReads _health = services.GetRequiredService<HealthReads>();
    private readonly HistoryReads _history = services.GetRequiredService<HistoryReads>();
    private readonly HotReads _hot = services.GetRequiredService<HotReads>();
    private readonly OverrideReads _overrides = services.GetRequiredService<OverrideReads>();
    private readonly RegistryReads _registry = services.GetRequiredService<RegistryReads>();
    private readonly ScopeReads _scopes = services.GetRequiredService<ScopeReads>();

    /// <summary>Maps every route.</summary>
    public void Map(IEndpointRouteBuilder root)
    {
        var platform = root.MapGroup("/api/platform");
        MapRegistry(platform.MapGroup("/modules"), "module");
        MapHistory(platform.MapGroup("/history"), ScopeKind.System, ofModule: false, "system", "the system");
        MapHistory(platform.MapGroup("/modules/{name}/history"), ScopeKind.System, ofModule: true, "module", "one module of the registry");
        MapScope(platform.MapGroup("/orgs"), ScopeKind.Org, "org", ScopeCommands.PutOrg);
        MapScope(platform.MapGroup("/workspaces"), ScopeKind.Workspace, "workspace", _creation.Put);
        platform.MapPost("/batch", _batch.ReadAsync).Requires(AccessAction.SignIn, ScopeKind.System)
            .Describe(new("readBatch", "Maps, or names of available modules, of many workspaces") { Body = typeof(BatchRequest), Answer = typeof(BatchAnswer), Statuses = [413, 415] });
        platform.MapWorkspaceContext(services);
        platform.MapUsage(services);
        platform.MapSchedule(services);
        root.MapOpenFeature(services);
        new AccessRoutes(services).Map(platform);
        MapAliases(root);
        root.MapRead("/health/live", HealthReads.LiveAsync).Requires(AccessAction.Public, ScopeKind.System).Describe(new("live", "Whether the process lives") { Answer = typeof(LiveAnswer), IsPublic = true });
        root.MapRead("/health/ready", _health.ReadyAsync).Requires(AccessAction.Public, ScopeKind.System).Describe(new("ready", "Whether reads can be answered") { Answer = typeof(ReadyAnswer), Failure = typeof(ReadyAnswer), IsPublic = true, Statuses = [503] });
    }

    private void MapRegistry(IEndpointRouteBuilder modules, string id)
    {
        modules.MapRead("", _registry.ListAsync).Requires(AccessAction.ReadRegistry, ScopeKind.System).Describe(new($"{id}List", "All definitions, by tier and name")
        {
            Answer = typeof(RegistryAnswer), Query = ["type", "enabled", "atLeast"], IsConditional = true, Statuses = [503],
        });
        modules.MapPost("", _changes.Handle(ScopeKind.System, BodyKind.Json, RegistryCommands.Register))
            .Requires(AccessAction.ChangeModules, ScopeKind.System).Describe(new($"{id}Register", "Registers a module") { Body = typeof(DefinitionBody), IsWrite = true, Status = 201 });
        modules.MapRead("/{name}", _registry.GetAsync).Requires(AccessAction.ReadRegistry, ScopeKind.System).Describe(new($"{id}Get", "One definition")
        {
            Answer = typeof(RegisteredModule), Query = ["atLeast"], IsConditional = true, Statuses = [404, 503],
        });
        modules.MapPut("/{name}", _changes.Handle(ScopeKind.System, BodyKind.Json, RegistryCommands.Put))
            .Requires(AccessAction.ChangeModules, ScopeKind.System).Describe(new($"{id}Put", "Replaces a definition whole, or registers it") { Body = typeof(DefinitionBody), IsWrite = true });
        modules.MapPatch("/{name}", _changes.Handle(ScopeKind.System, BodyKind.MergePatch, RegistryCommands.Patch))
            .Requires(AccessAction.ChangeModules, ScopeKind.System).Describe(new($"{id}Patch", "Changes a definition by a merge patch") { Body = typeof(DefinitionPatch), IsPatch = true, IsWrite = true });
        modules.MapDelete("/{name}", _changes.Handle(ScopeKind.System, BodyKind.None, RegistryCommands.Remove))
            .Requires(AccessAction.ChangeModules, ScopeKind.System).Describe(new($"{id}Remove", "Removes a module; its name stays taken") { IsWrite = true });
        modules.MapPost("/{name}/enable", _changes.Handle(ScopeKind.System, BodyKind.None, RegistryCommands.Enable))
            .Requires(AccessAction.ChangeModules, ScopeKind.System).Describe(new($"{id}Enable", "Enables a module") { IsWrite = true });
        modules.MapPost("/{name}/disable", _changes.Handle(ScopeKind.System, BodyKind.None, RegistryCommands.Disable))
            .Requires(AccessAction.ChangeModules, ScopeKind.System).Describe(new($"{id}Disable", "Disables a module") { IsWrite = true });
    }

    private void MapScope(IEndpointRouteBuilder scopes, ScopeKind kind, string id, ChangeEndpoint.Build put)
    {
        var what = kind == ScopeKind.Org ? "organization" : "workspace";
        scopes.MapRead("", _scopes.List(kind)).Requires(new AccessRule(AccessAction.ListScopes, ScopeKind.System) { OrgInQuery = kind == ScopeKind.Workspace }).Describe(new($"{id}List", $"A page of {what}s, by id")
        {
            Answer = kind == ScopeKind.Org ? typeof(OrgPage) : typeof(WorkspacePage), Query = kind == ScopeKind.Org ? ["limit", "after"] : ["limit", "after", "orgId"], Statuses = kind == ScopeKind.Org ? [] : [404],
        });
        scopes.MapRead("/{id}", _scopes.Get(kind)).Requires(AccessAction.ReadMap, kind).Describe(new($"{id}Get", $"One {what}") { Answer = kind == ScopeKind.Org ? typeof(OrgAnswer) : typeof(WorkspaceAnswer), Statuses = [404] });
        scopes.MapPut("/{id}", _changes.Handle(kind, BodyKind.Json, put))
            .Requires(new AccessRule(AccessAction.ChangeScope, kind) { MayCreate = kind == ScopeKind.Workspace })
            .Describe(new($"{id}Put", $"Creates or changes the {what}") { Body = kind == ScopeKind.Org ? typeof(OrgBody) : typeof(WorkspaceBody), IsWrite = true });
        scopes.MapDelete("/{id}", _changes.Handle(kind, BodyKind.None, ScopeCommands.Delete))
            .Requires(kind == ScopeKind.Org ? AccessAction.DeleteOrg : AccessAction.DeleteWorkspace, kind)
            .Describe(new($"{id}Delete", $"Deletes the {what} with its overrides") { IsWrite = true });
        scopes.MapRead("/{id}/availability", _hot.Read(HotRead.Available, kind)).Requires(Hot(kind)).Describe(new($"{id}Availability", $"Names of the modules that are available in the {what}")
        {
            Answer = typeof(AvailabilityAnswer), Query = ["atLeast"], IsConditional = true, Statuses = [404, 503],
        });
        scopes.MapGet("/{id}/events", _events.Serve(kind)).Requires(AccessAction.ReadMap, kind).Describe(new($"{id}Events", $"Server-sent events: the version of the {what}'s map at once, then one per change")
        {
            Answer = typeof(string), AnswerType = "text/event-stream", Query = ["lastEventId"], Headers = ["Last-Event-ID"], Statuses = [404, 503],
        });
        MapModules(scopes.MapGroup("/{id}/modules"), kind, id);
        scopes.MapRead("/{id}/modules/{name}/override", _overrides.Get(kind)).Requires(AccessAction.ReadDetails, kind).Describe(new($"{id}OverrideGet", $"What the {what} itself says about a module") { Answer = typeof(StoredOverride), Statuses = [404] });
        scopes.MapRead("/{id}/modules/{name}/explain", _overrides.Explain(kind)).Requires(AccessAction.ReadDetails, kind).Describe(new($"{id}Explain", "Every value with the scope, revision, time and actor that decided it")
        {
            Answer = typeof(ExplanationAnswer), Statuses = [404],
        });
        MapHistory(scopes.MapGroup("/{id}/history"), kind, ofModule: false, id, $"the {what}");
        MapHistory(scopes.MapGroup("/{id}/modules/{name}/history"), kind, ofModule: true, $"{id}Module", $"one module in the {what}");
    }

    private void MapModules(IEndpointRouteBuilder modules, ScopeKind kind, string id, bool orgInQuery = false)
    {
        string[] query = orgInQuery ? ["atLeast", "orgId"] : ["atLeast"];
        string[] writeQuery = orgInQuery ? ["orgId"] : [];
        string[] headers = orgInQuery ? ["X-Org-Id"] : [];
        modules.MapRead("", _hot.Read(HotRead.Map, kind, orgInQuery)).Requires(Hot(kind)).Describe(new($"{id}Map", "The effective map: every module with its configuration and flags")
        {
            Answer = typeof(MapAnswer), Query = query, Headers = headers, IsConditional = true, Statuses = [404, 503],
        });
        modules.MapRead("/{name}", _hot.Read(HotRead.Module, kind, orgInQuery)).Requires(Hot(kind)).Describe(new($"{id}Module", "One effective module")
        {
            Answer = typeof(EffectiveModuleAnswer), Query = query, Headers = headers, IsConditional = true, Statuses = [404, 503],
        });
        modules.MapPut("/{name}", _changes.Handle(kind, BodyKind.Json, OverrideCommands.Put))
            .Requires(AccessAction.ChangeModules, kind).Describe(new($"{id}OverridePut", "Sets the override; absent fields stay as they are") { Body = typeof(OverrideBody), Query = writeQuery, Headers = headers, IsWrite = true });
        modules.MapPatch("/{name}", _changes.Handle(kind, BodyKind.MergePatch, OverrideCommands.Patch))
            .Requires(AccessAction.ChangeModules, kind).Describe(new($"{id}OverridePatch", "Changes the override by a merge patch") { Body = typeof(OverridePatch), Query = writeQuery, Headers = headers, IsPatch = true, IsWrite = true });
        modules.MapDelete("/{name}", _changes.Handle(kind, BodyKind.None, OverrideCommands.Clear))
            .Requires(AccessAction.ChangeModules, kind).Describe(new($"{id}OverrideClear", "Inherits everything again") { Query = writeQuery, Headers = headers, IsWrite = true });
    }

    private void MapHistory(IEndpointRouteBuilder history, ScopeKind kind, bool ofModule, string id, string what)
    {
        history.MapRead("", _history.List(kind, ofModule)).Requires(AccessAction.ReadDetails, kind).Describe(new($"{id}History", $"Changes of {what}, newest first")
        {
            Answer = typeof(HistoryPage), Query = ["limit", "before"], Statuses = [404],
        });
        history.MapPost("/{revision}/restore", _changes.Handle(kind, BodyKind.None, (context, _, faults) => HistoryReads.Restore(context, ofModule, faults)))
            .Requires(AccessAction.ChangeModules, kind)
            .Describe(new($"{id}Restore", $"Sets {what} back to an earlier revision, by a new change") { IsWrite = true });
    }

    private static AccessRule Hot(ScopeKind kind) => new(AccessAction.ReadMap, kind) { IsHot = true };

    /// <summary>The older names of the routes, for hosts that still use them.</summary>
    private void MapAliases(IEndpointRouteBuilder root)
    {
        MapRegistry(root.MapGroup("/admin/sys/mgmt/modules"), "aliasSys");
        MapModules(root.MapGroup("/admin/org/mgmt/modules"), ScopeKind.Org, "aliasOrg", orgInQuery: true);
        MapModules(root.MapGroup("/admin/ws/{id}/mgmt/modules"), ScopeKind.Workspace, "aliasWs");
    }
}
