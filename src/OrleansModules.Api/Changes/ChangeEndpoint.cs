using System.Text.Json;
using OrleansModules.Api.Access;
using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Api.Requests;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Api.Changes;

/// <summary>What every write does: read the request whole and strictly, ask the engine, answer with a receipt.</summary>
internal sealed class ChangeEndpoint(IModuleEngine engine, BodyReader bodies, AuditTrail audit)
{
    /// <summary>Makes the command of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">Its body; undefined where it has none.</param>
    /// <param name="faults">Receives every fault.</param>
    /// <returns>Of no meaning where there are faults.</returns>
    public delegate ScopeCommand? Build(HttpContext context, JsonElement body, List<Fault> faults);

    /// <summary>Writes more members into a receipt.</summary>
    /// <param name="context">The request.</param>
    /// <param name="writer">Receives them.</param>
    /// <param name="accepted">What the receipt is of.</param>
    public delegate void AddToReceipt(HttpContext context, Utf8JsonWriter writer, ChangeAnswer.Accepted accepted);

    /// <summary>Handles a write.</summary>
    public RequestDelegate Handle(ScopeKind kind, BodyKind bodyKind, Build build, AddToReceipt? more = null) => context => RunAsync(context, kind, bodyKind, build, more);

    private async Task RunAsync(HttpContext context, ScopeKind kind, BodyKind bodyKind, Build build, AddToReceipt? more)
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var scope = RouteIds.Read(context, kind, faults);
        var query = RouteIds.TakesOrgId(context, kind) ? new QueryParameters(context.Request, faults, "force", "orgId") : new QueryParameters(context.Request, faults, "force");
        var force = query.Flag("force") ?? false;
        var headers = WriteHeaders.Read(context, kind, faults);
        using var body = await bodies.ReadAsync(context, bodyKind, faults);
        var command = bodyKind != BodyKind.None && body is null ? null : await BuildAsync(context, build, body?.RootElement ?? default, faults);
        RouteIds.ThrowIfAny(faults);

        var answer = await ChangeAsync(context, new ChangeRequest
        {
            Scope = scope!.Value, // no faults, so there is one; the command too
            Command = command!,
            Actor = headers.Actor,
            Identity = Caller.Of(context).Principal.Identity,
            Reason = headers.Reason,
            IfRevision = headers.IfRevision,
            IfEpoch = headers.IfEpoch,
            Force = force,
            OperationId = headers.OperationId,
            Fingerprint = headers.OperationId is null ? null : WriteHeaders.Fingerprint(context),
        });
        await (answer switch
        {
            ChangeAnswer.Accepted accepted => AcceptAsync(context, accepted, more),
            ChangeAnswer.Unchanged unchanged => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, unchanged.Version, w => ReceiptJson.WriteUnchanged(w, scope.Value, unchanged.Version)),
            ChangeAnswer.Refused refused => ProblemWriter.WriteAsync(context, Problem(refused)),
            _ => throw new InvalidOperationException($"Unknown answer {answer}."),
        });
    }

    private async ValueTask<ScopeCommand?> BuildAsync(HttpContext context, Build build, JsonElement body, List<Fault> faults)
    {
        try
        {
            return build(context, body, faults);
        }
        catch (ApiException e) when (e.Problem.Status is StatusCodes.Status403Forbidden or StatusCodes.Status404NotFound)
        {
            await audit.RefusedAsync(context, Caller.Of(context), e.Problem); // what only the body says can be beyond the caller's rights too
            throw;
        }
    }

    private async Task<ChangeAnswer> ChangeAsync(HttpContext context, ChangeRequest request)
    {
        ChangeAnswer answer;
        try
        {
            answer = await engine.ChangeAsync(request, context.RequestAborted);
        }
        catch (StoreException e)
        {
            await audit.FailedAsync(context, e);
            throw;
        }

        await audit.AnsweredAsync(context, answer);
        return answer;
    }

    private static Task AcceptAsync(HttpContext context, ChangeAnswer.Accepted accepted, AddToReceipt? more)
    {
        var record = accepted.Record;
        if (accepted.IsReplay)
        {
            context.Response.Headers["Idempotent-Replayed"] = "true";
        }

        var created = record.Kind is ChangeKind.ModuleRegistered or ChangeKind.ScopeCreated or ChangeKind.TokenCreated;
        if (created)
        {
            context.Response.Headers.Location = Location(record);
        }

        return JsonAnswer.WriteAsync(
            context, created ? StatusCodes.Status201Created : StatusCodes.Status200OK, record.Version, w => ReceiptJson.Write(w, record, more is null ? null : () => more(context, w, accepted)));
    }

    private static string Location(ChangeRecord record)
    {
        var scope = record.Scope.Kind switch
        {
            ScopeKind.System => "/api/platform",
            ScopeKind.Org => $"/api/platform/orgs/{record.Scope.Id}",
            _ => $"/api/platform/workspaces/{record.Scope.Id}",
        };
        return record.Kind switch
        {
            ChangeKind.ModuleRegistered => $"{scope}/modules/{record.Definitions[0].After.Name}",
            ChangeKind.TokenCreated => $"{scope}/tokens/{record.Tokens[0].Id}",
            _ => scope,
        };
    }

    private static ApiProblem Problem(ChangeAnswer.Refused refused)
    {
        var problem = ApiProblem.Of(refused.Faults);
        return problem.Code.Equals(FaultCodes.RevisionMismatch, StringComparison.Ordinal) ? problem with { CurrentVersion = refused.CurrentVersion } : problem;
    }
}
