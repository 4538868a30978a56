using System.Text.Json;
using OrleansModules.Api.Http;
using OrleansModules.Core.Access;
using OrleansModules.Core.Bodies;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Context;

/// <summary>What a shell needs to draw a workspace, its settings, and the navigation of an organization.</summary>
internal sealed class ContextReads(IModuleEngine engine, BodyCache cache, ApiOptions options, ICallerRights callers, StaleReads stale)
{
    /// <summary>The context of a workspace (requirements D1, D3, D7, D15).</summary>
    public async Task WorkspaceAsync(HttpContext context)
    {
        var (chain, _) = await ReadAsync(context, ScopeKind.Workspace);
        var role = callers.RoleIn(context, chain.Scope) is { } held ? InWorkspace(held) : null;
        await AnswerAsync(context, chain, role, writer =>
        {
            using var settings = ShellSettings.Merge(chain.Layers).Open();
            writer.WriteStartObject();
            WriteWorkspace(writer, chain, settings.RootElement);
            WriteSettings(writer, settings.RootElement);
            writer.WriteString("userRole"u8, role is { } known ? ScopeRoles.Word(known) : null);
            WriteAvailability(writer, chain);
            writer.WriteStartArray("tabOrder"u8);
            foreach (var tab in TabOrder.Resolve(ShellSettings.Merge(chain.Layers), chain.View.Map))
            {
                writer.WriteStringValue(tab);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    /// <summary>The left navigation of an organization (requirement D13): no workspace changes it.</summary>
    public async Task NavigationAsync(HttpContext context)
    {
        var (chain, query) = await ReadAsync(context, ScopeKind.Org, "admin", "permissions");
        var faults = new List<Fault>();
        var isAdmin = new QueryParameters(context.Request, faults, "atLeast", "admin", "permissions").Flag("admin") ?? false;
        RouteIds.ThrowIfAny(faults);
        var role = callers.RoleIn(context, chain.Scope);
        var audience = new NavigationAudience(
            role is null or ScopeRole.Shell ? isAdmin : role is ScopeRole.SysOwner or ScopeRole.SysAdmin or ScopeRole.OrgOwner or ScopeRole.OrgAdmin,
            Permissions(query));
        await AnswerAsync(context, chain, role, writer => Navigation.Write(writer, chain, audience));
    }

    /// <summary>Which figures the overview of a workspace shows (requirement D16).</summary>
    public async Task MetricsAsync(HttpContext context)
    {
        var (chain, query) = await ReadAsync(context, ScopeKind.Workspace, "permissions");
        await AnswerAsync(context, chain, null, writer => OverviewMetrics.Write(writer, chain, Permissions(query)));
    }

    /// <summary>The settings of a scope: its own, and those that count.</summary>
    public RequestDelegate Settings(ScopeKind kind) => async context =>
    {
        var (chain, _) = await ReadAsync(context, kind);
        await AnswerAsync(context, chain, null, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("scope"u8, chain.Scope.ToString());
            writer.WritePropertyName("settings"u8);
            ShellSettings.Own(chain.Own).WriteTo(writer);
            writer.WritePropertyName("effective"u8);
            ShellSettings.Merge(chain.Layers).WriteTo(writer);
            writer.WriteString("version"u8, chain.View.Version.ToString());
            writer.WriteEndObject();
        });
    };

    private static HashSet<string> Permissions(QueryParameters query) =>
        (query.Text("permissions") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);

    private async Task<(ScopeChain Chain, QueryParameters Query)> ReadAsync(HttpContext context, ScopeKind kind, params string[] more)
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var scope = RouteIds.Read(context, kind, faults);
        var query = new QueryParameters(context.Request, faults, ["atLeast", .. more]);
        var atLeast = query.Version("atLeast");
        RouteIds.ThrowIfAny(faults);
        return (await ScopeChain.ReadAsync(engine, scope!.Value, atLeast, options.AtLeastPatience, context.RequestAborted), query); // no faults, so there is one
    }

    // The role is part of the answer, so it is part of the tag.
    private Task AnswerAsync(HttpContext context, ScopeChain chain, ScopeRole? role, Action<Utf8JsonWriter> write)
    {
        var tag = role is { } known ? $"\"{chain.View.Version}:{ScopeRoles.Word(known)}\"" : EntityTag.Of(chain.View.Version);
        var headers = context.Response.Headers;
        headers.ETag = tag;
        headers.CacheControl = JsonAnswer.Revalidate;
        Staleness.Say(headers, engine, stale);
        if (EntityTag.Matches(context.Request.Headers.IfNoneMatch, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, null, write);
    }

    // Shells know the roles of a workspace. Who stands above it may do all in it.
    private static ScopeRole? InWorkspace(ScopeRole role) => role switch
    {
        ScopeRole.SysOwner or ScopeRole.SysAdmin or ScopeRole.OrgOwner or ScopeRole.OrgAdmin or ScopeRole.WsOwner => ScopeRole.WsOwner,
        ScopeRole.WsAdmin or ScopeRole.WsUser => role,
        _ => null,
    };

    private static void WriteWorkspace(Utf8JsonWriter writer, ScopeChain chain, JsonElement settings)
    {
        var own = (ScopeLayer)chain.Own;
        writer.WriteString("workspaceId"u8, chain.Scope.Id);
        writer.WriteString("orgId"u8, own.OrgId);
        writer.WriteStartObject("workspace"u8);
        writer.WriteString("id"u8, chain.Scope.Id);
        writer.WriteString("name"u8, own.Name);
        writer.WriteString("color"u8, Text(settings, ShellSettings.Color));
        writer.WriteString("icon"u8, Text(settings, ShellSettings.Icon));
        writer.WriteEndObject();
    }

    private static void WriteSettings(Utf8JsonWriter writer, JsonElement settings)
    {
        writer.WriteStartObject("navigation"u8);
        writer.WriteString("labelSingular"u8, Text(settings, ShellSettings.NavLabelSingular) ?? "Workspace");
        writer.WriteString("labelPlural"u8, Text(settings, ShellSettings.NavLabelPlural) ?? "Workspaces");
        writer.WriteString("icon"u8, Text(settings, ShellSettings.NavIcon) ?? "folder");
        writer.WriteEndObject();
        writer.WriteStartObject("features"u8);
        writer.WriteBoolean("favoritesEnabled"u8, IsOn(settings, ShellSettings.EnableFavorites));
        writer.WriteBoolean("tagsEnabled"u8, IsOn(settings, ShellSettings.EnableTags));
        writer.WriteBoolean("colorCodingEnabled"u8, IsOn(settings, ShellSettings.EnableColorCoding));
        writer.WriteEndObject();
        writer.WritePropertyName("extra"u8);
        if (settings.TryGetProperty(ShellSettings.Extra, out var extra))
        {
            extra.WriteTo(writer);
        }
        else
        {
            JsonObjectValue.Empty.WriteTo(writer);
        }
    }

    private void WriteAvailability(Utf8JsonWriter writer, ScopeChain chain)
    {
        writer.WriteStartObject("moduleAvailability"u8);
        writer.WriteString("version"u8, chain.View.Version.ToString());
        writer.WriteStartArray("enabledModules"u8);
        foreach (var module in chain.View.Map.Where(m => m.IsAvailable))
        {
            writer.WriteStringValue(module.Name);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("modules"u8);
        foreach (var module in chain.View.Map)
        {
            writer.WriteRawValue(module.Utf8(cache), skipInputValidation: true);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string? Text(JsonElement settings, string name) => settings.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool IsOn(JsonElement settings, string name) => settings.TryGetProperty(name, out var value) && value.GetBoolean();
}
