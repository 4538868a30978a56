using System.Text.Json;
using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Api.Registry;

/// <summary>Reads definitions, with what the system scope makes of them.</summary>
internal sealed class RegistryReads(IModuleEngine engine, ApiOptions options, StaleReads stale)
{
    /// <summary>All definitions, by tier and name.</summary>
    public async Task ListAsync(HttpContext context)
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var query = new QueryParameters(context.Request, faults, "type", "enabled", "atLeast");
        var enabled = query.Flag("enabled");
        ModuleType? type = null;
        if (query.Text("type") is { } word)
        {
            type = DefinitionJson.TryParseType(word, out var parsed) ? parsed : query.Wrong<ModuleType?>("type", "must be core or functional");
        }

        var (layer, view) = await ReadAsync(context, query.Version("atLeast"), faults);
        if (IsKnown(context, view))
        {
            return;
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, view.Version, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("modules"u8);
            foreach (var module in view.Map.Where(m => (type is null || m.Definition.Type == type) && (enabled is null || m.IsEnabled == enabled)))
            {
                Write(writer, module, layer.Definitions[module.Name]);
            }

            writer.WriteEndArray();
            writer.WriteString("version"u8, view.Version.ToString());
            writer.WriteEndObject();
        });
    }

    /// <summary>One definition.</summary>
    public async Task GetAsync(HttpContext context)
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var module = RouteIds.ReadModule(context, faults);
        var atLeast = new QueryParameters(context.Request, faults, "atLeast").Version("atLeast");
        var (layer, view) = await ReadAsync(context, atLeast, faults);
        if (view.Map.Find(module!) is not { } effective) // no faults, so there is a name
        {
            throw new ApiException(RouteIds.MissingModule(module!));
        }

        if (!IsKnown(context, view))
        {
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, view.Version, writer => Write(writer, effective, layer.Definitions[effective.Name]));
        }
    }

    private async ValueTask<(SystemLayer Layer, ScopeView View)> ReadAsync(HttpContext context, MapVersion? atLeast, List<Fault> faults)
    {
        RouteIds.ThrowIfAny(faults);
        while (true)
        {
            // The layer and the map of one revision: layers only move forward.
            var layer = await engine.ReadLayerAsync(ScopeId.System, context.RequestAborted) as SystemLayer ?? SystemLayer.Empty;
            var (status, view) = await engine.ReadAsync(ScopeId.System, atLeast, options.AtLeastPatience, context.RequestAborted);
            if (status == ReadStatus.Behind)
            {
                throw new ApiException(new ApiProblem(StatusCodes.Status503ServiceUnavailable, ApiCodes.VersionNotReached, $"The system is at {view.Version} here, not yet at {atLeast}.") { RetryAfter = 1, CurrentVersion = view.Version });
            }

            if (view.Version.System == layer.Revision)
            {
                return (layer, view);
            }
        }
    }

    private bool IsKnown(HttpContext context, ScopeView view)
    {
        context.Response.Headers.CacheControl = JsonAnswer.Revalidate;
        Staleness.Say(context.Response.Headers, engine, stale);
        if (!EntityTag.Matches(context.Request.Headers.IfNoneMatch, view.Version))
        {
            return false;
        }

        context.Response.Headers.ETag = EntityTag.Of(view.Version);
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    private static void Write(Utf8JsonWriter writer, EffectiveModule module, DefinitionEntry entry)
    {
        writer.WriteStartObject();
        DefinitionJson.WriteFields(writer, entry.Definition);
        writer.WriteBoolean("isAvailable"u8, module.IsAvailable);
        EffectiveJson.WriteReasons(writer, module.Reasons);
        writer.WriteBoolean("systemEnabled"u8, entry.Definition.IsEnabled);
        writer.WritePropertyName("registered"u8);
        LayerJson.WriteMark(writer, entry.Registered);
        writer.WritePropertyName("updated"u8);
        LayerJson.WriteMark(writer, entry.Provenance.Whole);
        writer.WriteEndObject();
    }
}
