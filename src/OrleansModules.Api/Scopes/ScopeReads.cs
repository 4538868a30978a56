using System.Text.Json;
using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Api.Reads;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Api.Scopes;

/// <summary>Reads what organizations and workspaces there are.</summary>
internal sealed class ScopeReads(IModuleEngine engine, ApiOptions options)
{
    /// <summary>A page of organizations or workspaces, by id.</summary>
    public RequestDelegate List(ScopeKind kind) => async context =>
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var query = kind == ScopeKind.Org
            ? new QueryParameters(context.Request, faults, "limit", "after")
            : new QueryParameters(context.Request, faults, "limit", "after", "orgId");
        var limit = (int)(query.Number("limit", 1, ApiOptions.MaxPageSize) ?? options.DefaultPageSize);
        var after = query.Id("after");
        var orgId = kind == ScopeKind.Workspace ? query.Id("orgId") : null;
        RouteIds.ThrowIfAny(faults);
        if (orgId is not null && await engine.ReadLayerAsync(ScopeId.Org(orgId), context.RequestAborted) is null)
        {
            throw new ApiException(RouteIds.Missing(ScopeId.Org(orgId)));
        }

        var found = await engine.ListAsync(new ScopeListQuery(kind, orgId, after, limit + 1), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, null, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray(kind == ScopeKind.Org ? "orgs"u8 : "workspaces"u8);
            foreach (var (scope, layer) in found.Take(limit))
            {
                Write(writer, scope, (ScopeLayer)layer, null);
            }

            writer.WriteEndArray();
            writer.WriteString("next"u8, found.Count > limit ? found[limit - 1].Scope.Id : null);
            writer.WriteEndObject();
        });
    };

    /// <summary>One organization or workspace.</summary>
    public RequestDelegate Get(ScopeKind kind) => async context =>
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var scope = RouteIds.Read(context, kind, faults);
        _ = new QueryParameters(context.Request, faults);
        RouteIds.ThrowIfAny(faults);

        // The view first: an answer may be newer than its entity tag, which a write based on it notices, but never older.
        if (await engine.FindViewAsync(scope!.Value, context.RequestAborted) is not { } view // no faults, so there is one
            || await engine.ReadLayerAsync(scope.Value, context.RequestAborted) is not ScopeLayer layer)
        {
            throw new ApiException(RouteIds.Missing(scope.Value));
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, view.Version, writer => Write(writer, scope.Value, layer, view.Version));
    };

    private static void Write(Utf8JsonWriter writer, ScopeId scope, ScopeLayer layer, MapVersion? version)
    {
        writer.WriteStartObject();
        writer.WriteString(scope.Kind == ScopeKind.Org ? "orgId"u8 : "workspaceId"u8, scope.Id);
        if (scope.Kind == ScopeKind.Workspace)
        {
            writer.WriteString("orgId"u8, layer.OrgId);
        }

        writer.WriteString("name"u8, layer.Name);
        writer.WriteNumber("revision"u8, layer.Revision);
        if (version is { } v)
        {
            writer.WriteString("version"u8, v.ToString());
        }

        writer.WriteEndObject();
    }
}
