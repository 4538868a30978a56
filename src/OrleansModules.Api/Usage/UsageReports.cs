using OrleansModules.Api.Access;
using OrleansModules.Api.Http;
using OrleansModules.Api.Requests;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Usage;

namespace OrleansModules.Api.Usage;

/// <summary>Takes usage events from hosts.</summary>
internal sealed class UsageReports(UsageEventReader reader, UsageQueue queue, BodyReader bodies)
{
    private const string RetryAfterSeconds = "5";

    /// <summary>Takes all events of a request, or none where one is faulty; answers how many are kept for writing.</summary>
    /// <remarks>Where the queue is full the rest is lost, and said to be: the first ones are kept, so a host can send the rest again.</remarks>
    public async Task ReportAsync(HttpContext context)
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        _ = new QueryParameters(context.Request, faults);
        using var body = await bodies.ReadAsync(context, BodyKind.Json, faults);
        List<UsageEvent> events = body is null ? [] : await reader.ReadAsync(Caller.Of(context).Principal, body.RootElement, faults, context.RequestAborted);

        // What is malformed comes before what is not there: the first decides the status.
        RouteIds.ThrowIfAny([.. faults.OrderBy(IsMissing)]);

        var accepted = queue.Add(events);
        if (accepted < events.Count)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status202Accepted, null, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("accepted"u8, accepted);
            writer.WriteNumber("dropped"u8, events.Count - accepted);
            writer.WriteEndObject();
        });
    }

    private static bool IsMissing(Fault fault) => fault.Code is FaultCodes.ModuleNotFound or FaultCodes.OrgNotFound or FaultCodes.WorkspaceNotFound;
}
