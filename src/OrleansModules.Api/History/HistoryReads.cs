using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Api.Reads;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Api.History;

/// <summary>Reads change records, and goes back to earlier ones.</summary>
internal sealed class HistoryReads(IModuleEngine engine, ApiOptions options)
{
    private const string RevisionValue = "revision";

    /// <summary>Changes of a scope, or of one module in it, newest first. A deleted scope's too.</summary>
    public RequestDelegate List(ScopeKind kind, bool ofModule) => async context =>
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var scope = RouteIds.Read(context, kind, faults);
        var module = ofModule ? RouteIds.ReadModule(context, faults) : null;
        var query = new QueryParameters(context.Request, faults, "limit", "before");
        var limit = (int)(query.Number("limit", 1, ApiOptions.MaxPageSize) ?? options.DefaultPageSize);
        var before = query.Number("before", 1, long.MaxValue);
        RouteIds.ThrowIfAny(faults);

        var found = await engine.HistoryAsync(new HistoryQuery(scope!.Value, module, before, limit + 1), context.RequestAborted); // no faults, so there is one
        if (found.Count == 0 && before is null)
        {
            // A deleted scope and a removed module have a history: what has none, and is not there, never was.
            if (await engine.FindViewAsync(scope.Value, context.RequestAborted) is not { } view)
            {
                throw new ApiException(RouteIds.Missing(scope.Value));
            }

            if (module is not null && view.Map.Find(module) is null)
            {
                throw new ApiException(RouteIds.MissingModule(module));
            }
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, null, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("changes"u8);
            foreach (var record in found.Take(limit))
            {
                ChangeRecordJson.Write(writer, record, withOperation: false);
            }

            writer.WriteEndArray();
            if (found.Count > limit)
            {
                writer.WriteNumber("next"u8, found[limit - 1].Revision);
            }
            else
            {
                writer.WriteNull("next"u8);
            }

            writer.WriteEndObject();
        });
    };

    /// <summary>Makes the command that goes back to an earlier revision.</summary>
    public static ScopeCommand? Restore(HttpContext context, bool ofModule, List<Fault> faults)
    {
        var module = ofModule ? RouteIds.ReadModule(context, faults) : null;
        var text = context.Request.RouteValues[RevisionValue] as string;
        if (!long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var revision))
        {
            faults.Add(new Fault(ApiCodes.InvalidParameter, RevisionValue, $"'{text}' is no revision; expected a whole number from 0."));
        }

        return new ScopeCommand.Restore(revision, module);
    }
}
