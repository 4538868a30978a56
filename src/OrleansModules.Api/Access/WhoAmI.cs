using OrleansModules.Api.Http;
using OrleansModules.Core.Access;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>Tells callers who they are here.</summary>
internal sealed class WhoAmI(AccessGate gate)
{
    /// <summary>Subject, what the credential gives, and the roles that count in a scope.</summary>
    public Task ReadAsync(HttpContext context)
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var query = new QueryParameters(context.Request, faults, "scope");
        var scope = ScopeId.System;
        if (query.Text("scope") is { } text && !ScopeId.TryParse(text, out scope))
        {
            query.Wrong<ScopeId>("scope", "must be system, org/{id} or workspace/{id}");
        }

        RouteIds.ThrowIfAny(faults);
        var principal = Caller.Of(context).Principal;
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, null, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("subject"u8, principal.Subject);
            writer.WriteString("kind"u8, principal.IsPerson ? "person" : "machine");
            writer.WriteString("name"u8, principal.Token?.Name);
            writer.WriteString("expiresAt"u8, TokenJson.Time(principal.ExpiresAt));
            writer.WriteStartArray("grants"u8);
            foreach (var grant in principal.Grants)
            {
                writer.WriteStartObject();
                writer.WriteString("scope"u8, grant.Scope.ToString());
                writer.WriteString("role"u8, ScopeRoles.Word(grant.Role));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("scope"u8, scope.ToString());
            writer.WriteStartArray("roles"u8);
            foreach (var role in gate.Held(principal, scope).Roles)
            {
                writer.WriteStringValue(ScopeRoles.Word(role));
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }
}
