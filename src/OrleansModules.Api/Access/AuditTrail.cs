using System.Collections.Frozen;
using System.Text.Json;
using OrleansModules.Api.Http;
using OrleansModules.Api.OpenApi;
using OrleansModules.Api.Problems;
using OrleansModules.Core.Audit;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Api.Access;

/// <summary>Writes down who did what, and who was refused.</summary>
/// <remarks>A trail that cannot be written stops nothing: the change is in the history with its actor, and the log says what is missing.</remarks>
internal sealed partial class AuditTrail(IAuditLog log, IModuleEngine engine, TimeProvider time, ILogger<AuditTrail> logger)
{
    private static readonly FrozenDictionary<AccessAction, string> Words =
        Enum.GetValues<AccessAction>().ToFrozenDictionary(a => a, a => JsonNamingPolicy.KebabCaseLower.ConvertName(a.ToString()));

    /// <summary>The word of an action.</summary>
    public static string Word(AccessAction action) => Words[action];

    /// <summary>The gate refused a request.</summary>
    public ValueTask RefusedAsync(HttpContext context, Caller caller, ApiProblem problem) => AppendAsync(
        context, caller, problem.Status == StatusCodes.Status401Unauthorized ? AuditOutcome.Unauthenticated : AuditOutcome.Forbidden, problem.Code, null);

    /// <summary>Requests of a client are held up: this one, and others since the entry before.</summary>
    /// <param name="context">The request.</param>
    /// <param name="caller">Who.</param>
    /// <param name="problem">The answer.</param>
    /// <param name="repeats">How many others.</param>
    public ValueTask HeldUpAsync(HttpContext context, Caller caller, ApiProblem problem, long repeats) =>
        AppendAsync(context, caller, AuditOutcome.HeldUp, problem.Code, null, repeats == 0 ? null : repeats);

    /// <summary>A change was answered.</summary>
    public ValueTask AnsweredAsync(HttpContext context, ChangeAnswer answer) => answer switch
    {
        ChangeAnswer.Accepted accepted => AppendAsync(context, Caller.Of(context), AuditOutcome.Done, null, accepted.Record.Position),
        ChangeAnswer.Refused refused => AppendAsync(context, Caller.Of(context), AuditOutcome.Refused, refused.Faults[0].Code, null),
        _ => AppendAsync(context, Caller.Of(context), AuditOutcome.Unchanged, null, null),
    };

    /// <summary>A change could not be written down, or that cannot be known.</summary>
    public ValueTask FailedAsync(HttpContext context, StoreException failure) => AppendAsync(context, Caller.Of(context), AuditOutcome.Failed, ApiProblem.Of(failure).Code, null);

    private async ValueTask AppendAsync(HttpContext context, Caller caller, AuditOutcome outcome, string? code, long? position, long? repeats = null)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var entry = new AuditEntry
        {
            At = new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc),
            Subject = caller.Principal.Subject,
            OnBehalfOf = caller.Principal.IsMachine && context.Request.Headers["X-Actor"].ToString() is { Length: > 0 } actor ? Shorten(actor) : null,
            From = context.Connection.RemoteIpAddress?.ToString(),
            Action = Word(caller.Rule.Action),
            Operation = context.GetEndpoint()?.Metadata.GetMetadata<ApiOperation>()?.Id ?? context.Request.Method,
            Scope = caller.Scope,
            OrgId = caller.Scope.Kind == ScopeKind.Workspace ? (engine.FindLayer(caller.Scope) as ScopeLayer)?.OrgId : null,
            Target = RouteIds.Target(context) is { } target ? Shorten(target) : null,
            Outcome = outcome,
            Code = code,
            ChangePosition = position,
            Repeats = repeats,
            TraceId = ProblemWriter.TraceId(context),
        };
        try
        {
            await log.AppendAsync(entry, CancellationToken.None);
        }
        catch (StoreException e)
        {
            LogNotWritten(e, entry.Operation, entry.Scope.ToString(), entry.TraceId);
        }
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..200];

    [LoggerMessage(202, LogLevel.Error, "The audit trail could not be written: {Operation} in {Scope} is missing from it (trace {TraceId}).")]
    private partial void LogNotWritten(Exception error, string operation, string scope, string traceId);
}
