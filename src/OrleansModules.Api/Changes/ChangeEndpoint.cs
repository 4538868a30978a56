using System.Text.Json;
using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Api.Requests;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Changes;

/// <summary>What every write does: read the request whole and strictly, ask the engine, answer with a receipt.</summary>
internal sealed class ChangeEndpoint(IModuleEngine engine, BodyReader bodies)
{
    /// <summary>Makes the command of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">Its body; undefined where it has none.</param>
    /// <param name="faults">Receives every fault.</param>
    /// <returns>Of no meaning where there are faults.</returns>
    public delegate ScopeCommand? Build(HttpContext context, JsonElement body, List<Fault> faults);

    /// <summary>Handles a write.</summary>
    public RequestDelegate Handle(ScopeKind kind, BodyKind bodyKind, Build build) => context => RunAsync(context, kind, bodyKind, build);

    private async Task RunAsync(HttpContext context, ScopeKind kind, BodyKind bodyKind, Build build)
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var scope = RouteIds.Read(context, kind, faults);
        var query = RouteIds.TakesOrgId(context, kind) ? new QueryParameters(context.Request, faults, "force", "orgId") : new QueryParameters(context.Request, faults, "force");
        var force = query.Flag("force") ?? false;
        var headers = WriteHeaders.Read(context, kind, faults);
        using var body = await bodies.ReadAsync(context, bodyKind, faults);
        var command = bodyKind != BodyKind.None && body is null ? null : build(context, body?.RootElement ?? default, faults);
        RouteIds.ThrowIfAny(faults);

        var answer = await engine.ChangeAsync(
            new ChangeRequest
            {
                Scope = scope!.Value, // no faults, so there is one; the command too
                Command = command!,
                Actor = headers.Actor,
                Reason = headers.Reason,
                IfRevision = headers.IfRevision,
                IfEpoch = headers.IfEpoch,
                Force = force,
                OperationId = headers.OperationId,
                Fingerprint = headers.OperationId is null ? null : WriteHeaders.Fingerprint(context),
            },
            context.RequestAborted);
        await (answer switch
        {
            ChangeAnswer.Accepted accepted => AcceptAsync(context, accepted),
            ChangeAnswer.Unchanged unchanged => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, unchanged.Version, w => ReceiptJson.WriteUnchanged(w, scope.Value, unchanged.Version)),
            ChangeAnswer.Refused refused => ProblemWriter.WriteAsync(context, Problem(refused)),
            _ => throw new InvalidOperationException($"Unknown answer {answer}."),
        });
    }

    private static Task AcceptAsync(HttpContext context, ChangeAnswer.Accepted accepted)
    {
        var record = accepted.Record;
        if (accepted.IsReplay)
        {
            context.Response.Headers["Idempotent-Replayed"] = "true";
        }

        var created = record.Kind is ChangeKind.ModuleRegistered or ChangeKind.ScopeCreated;
        if (created)
        {
            context.Response.Headers.Location = record.Scope.Kind switch
            {
                ScopeKind.System => $"/api/platform/modules/{record.Definitions[0].After.Name}",
                ScopeKind.Org => $"/api/platform/orgs/{record.Scope.Id}",
                _ => $"/api/platform/workspaces/{record.Scope.Id}",
            };
        }

        return JsonAnswer.WriteAsync(context, created ? StatusCodes.Status201Created : StatusCodes.Status200OK, record.Version, w => ReceiptJson.Write(w, record));
    }

    private static ApiProblem Problem(ChangeAnswer.Refused refused)
    {
        var problem = ApiProblem.Of(refused.Faults);
        return problem.Code.Equals(FaultCodes.RevisionMismatch, StringComparison.Ordinal) ? problem with { CurrentVersion = refused.CurrentVersion } : problem;
    }
}
