using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Api.Reads;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Overrides;

/// <summary>Reads what a scope itself says about a module, and why a module is as it is.</summary>
internal sealed class OverrideReads(IModuleEngine engine)
{
    /// <summary>The stored override.</summary>
    public RequestDelegate Get(ScopeKind kind) => async context =>
    {
        var (scope, module) = Read(context, kind);

        // The view first: an answer may be newer than its entity tag, which a write based on it notices, but never older.
        if (await engine.FindViewAsync(scope, context.RequestAborted) is not { } view || await engine.ReadLayerAsync(scope, context.RequestAborted) is not ScopeLayer layer)
        {
            throw new ApiException(RouteIds.Missing(scope));
        }

        if (layer.Find(module) is not { } entry)
        {
            throw new ApiException(new Fault(ApiCodes.OverrideNotFound, "", $"{scope} has no override of '{module}': it inherits everything.") { Module = module, Scope = scope.ToString() });
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, view.Version, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("module"u8, module);
            writer.WritePropertyName("override"u8);
            OverrideJson.Write(writer, entry.Override);
            writer.WritePropertyName("updated"u8);
            LayerJson.WriteMark(writer, entry.Provenance.Whole);
            writer.WriteEndObject();
        });
    };

    /// <summary>Every value with the scope, revision, actor and time that decided it.</summary>
    public RequestDelegate Explain(ScopeKind kind) => async context =>
    {
        var (scope, module) = Read(context, kind);
        if (await engine.ExplainAsync(scope, module, context.RequestAborted) is { } explanation)
        {
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, explanation.Version, writer => ExplanationJson.Write(writer, explanation));
            return;
        }

        throw new ApiException(await engine.FindViewAsync(scope, context.RequestAborted) is null ? RouteIds.Missing(scope) : RouteIds.MissingModule(module));
    };

    private static (ScopeId Scope, string Module) Read(HttpContext context, ScopeKind kind)
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var scope = RouteIds.Read(context, kind, faults);
        var module = RouteIds.ReadModule(context, faults);
        _ = new QueryParameters(context.Request, faults);
        RouteIds.ThrowIfAny(faults);
        return (scope!.Value, module!); // no faults, so both are there
    }
}
