using OrleansModules.Api.Access;
using OrleansModules.Api.Http;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Health;

/// <summary>Whether the process lives, and whether it can serve.</summary>
internal sealed class HealthReads(IModuleEngine engine, AccessGate gate)
{
    /// <summary>The process answers.</summary>
    public static Task LiveAsync(HttpContext context) => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, null, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("status"u8, "live");
        writer.WriteEndObject();
    });

    /// <summary>Reads can be answered. That changes cannot be written down does not end readiness: reads go on.</summary>
    public Task ReadyAsync(HttpContext context)
    {
        var status = engine.Status;
        var mayKnow = gate.Decide(Caller.Of(context).Principal, AccessAction.Operate, ScopeId.System).IsAllowed; // a problem may name files
        return JsonAnswer.WriteAsync(context, status.CanRead ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, null, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("status"u8, status.CanRead ? "ready" : "not-ready");
            writer.WriteBoolean("canRead"u8, status.CanRead);
            writer.WriteBoolean("canChange"u8, status.CanChange);
            writer.WriteString("problem"u8, mayKnow ? status.Problem : null);
            writer.WriteEndObject();
        });
    }
}
