using OrleansModules.Api.Http;
using OrleansModules.Core.Audit;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>Reads the audit trail.</summary>
internal sealed class AuditReads(IAuditLog log, ApiOptions options)
{
    /// <summary>Entries of a scope, and of those below an organization or the system, newest first.</summary>
    public RequestDelegate List(ScopeKind kind) => async context =>
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var scope = RouteIds.Read(context, kind, faults);
        var query = new QueryParameters(context.Request, faults, "limit", "before", "subject", "action", "outcome", "since", "until");
        var limit = (int)(query.Number("limit", 1, ApiOptions.MaxPageSize) ?? options.DefaultPageSize);
        var asked = new AuditQuery(scope ?? ScopeId.System, limit + 1)
        {
            Before = query.Number("before", 1, long.MaxValue),
            Subject = query.Text("subject"),
            Action = query.Text("action"),
            Outcome = ReadOutcome(query),
            Since = ReadTime(query, "since"),
            Until = ReadTime(query, "until"),
        };
        RouteIds.ThrowIfAny(faults);
        var found = await log.ReadAsync(asked, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, null, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("entries"u8);
            foreach (var entry in found.Take(limit))
            {
                AuditJson.Write(writer, entry);
            }

            writer.WriteEndArray();
            if (found.Count > limit)
            {
                writer.WriteNumber("next"u8, found[limit - 1].Position);
            }
            else
            {
                writer.WriteNull("next"u8);
            }

            writer.WriteEndObject();
        });
    };

    private static AuditOutcome? ReadOutcome(QueryParameters query) => query.Text("outcome") is not { } word ? null
        : AuditJson.OutcomeWords.TryGetValue(word, out var outcome) ? outcome
        : query.Wrong<AuditOutcome?>("outcome", $"must be one of {string.Join(", ", AuditJson.OutcomeWords.Keys.Order(StringComparer.Ordinal))}");

    private static DateTime? ReadTime(QueryParameters query, string name) => query.Text(name) is not { } text ? null
        : Times.TryParse(text, out var at) ? at
        : query.Wrong<DateTime?>(name, "must be a time such as 2026-11-21T08:00:00Z");
}
