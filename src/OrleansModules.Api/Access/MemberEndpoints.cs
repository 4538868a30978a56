using System.Collections.Frozen;
using System.Text.Json;
using OrleansModules.Api.Http;
using OrleansModules.Core.Access;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>Reads and changes who belongs to a scope.</summary>
internal sealed class MemberEndpoints(IModuleEngine engine, AccessLimits limits, ApiOptions options)
{
    private const int MaxSubjectLength = 200;

    private static readonly FrozenSet<string> Fields = FrozenSet.Create(StringComparer.Ordinal, "subject", "role", "since");

    /// <summary>A page of members, by subject.</summary>
    public RequestDelegate List(ScopeKind kind) => async context =>
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var scope = RouteIds.Read(context, kind, faults);
        var query = new QueryParameters(context.Request, faults, "limit", "after");
        var limit = (int)(query.Number("limit", 1, ApiOptions.MaxPageSize) ?? options.DefaultPageSize);
        var after = query.Text("after");
        RouteIds.ThrowIfAny(faults);
        var access = await AccessReads.ReadAsync(engine, scope!.Value, context); // no faults, so there is one
        var page = access.Members.Where(m => after is null || string.CompareOrdinal(m.Subject, after) > 0).Take(limit + 1).ToList();
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, null, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("members"u8);
            foreach (var member in page.Take(limit))
            {
                Write(writer, member);
            }

            writer.WriteEndArray();
            writer.WriteString("next"u8, page.Count > limit ? page[limit - 1].Subject : null);
            writer.WriteEndObject();
        });
    };

    /// <summary>One member.</summary>
    public RequestDelegate Get(ScopeKind kind) => async context =>
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var scope = RouteIds.Read(context, kind, faults);
        var subject = ReadSubject(context, faults);
        _ = new QueryParameters(context.Request, faults);
        RouteIds.ThrowIfAny(faults);
        var access = await AccessReads.ReadAsync(engine, scope!.Value, context); // no faults, so there is one; a subject too
        var member = access.FindMember(subject!)
            ?? throw new Problems.ApiException(new Fault(FaultCodes.MemberNotFound, "", $"{scope} has no member '{subject}'.") { Scope = scope.ToString() });
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, null, writer => Write(writer, member));
    };

    /// <summary>Makes the command that gives somebody a role.</summary>
    public ScopeCommand? Put(HttpContext context, JsonElement body, List<Fault> faults)
    {
        var subject = ReadSubject(context, faults);
        var fields = new JsonFields(body, "", Fields, faults);
        if (fields.TryGet("subject", out var named) && !string.Equals(JsonFields.TextOf(named), subject, StringComparison.Ordinal))
        {
            fields.Wrong("subject", "the subject in the address", 0);
        }

        var role = AccessReads.ReadRole(fields, faults);
        if (faults.Count > 0)
        {
            return null;
        }

        var caller = Caller.Of(context);
        limits.RequireMember(caller, caller.Scope, subject!, role); // no faults, so there is one
        return new ScopeCommand.PutMember(subject!, role);
    }

    /// <summary>Makes the command that takes somebody's role away.</summary>
    public ScopeCommand? Remove(HttpContext context, JsonElement body, List<Fault> faults)
    {
        if (ReadSubject(context, faults) is not { } subject || faults.Count > 0)
        {
            return null;
        }

        var caller = Caller.Of(context);
        limits.RequireMember(caller, caller.Scope, subject, null);
        return new ScopeCommand.RemoveMember(subject);
    }

    // A slash in a subject comes as %2F, which the server leaves as it is in a path.
    private static string? ReadSubject(HttpContext context, List<Fault> faults)
    {
        var subject = (context.Request.RouteValues[RouteIds.Subject] as string)?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (subject is { Length: > 0 and <= MaxSubjectLength } && !subject.Any(c => char.IsControl(c) || char.IsSurrogate(c) || c == '%') && !Principal.IsReserved(subject))
        {
            return subject;
        }

        faults.Add(new Fault(FaultCodes.InvalidId, RouteIds.Subject, $"This is no subject of a member; accepted: 1 to {MaxSubjectLength} characters as the identity provider names people, none of them '%', and no name that the service gives."));
        return null;
    }

    private static void Write(Utf8JsonWriter writer, Member member)
    {
        writer.WriteStartObject();
        writer.WriteString("subject"u8, member.Subject);
        writer.WriteString("role"u8, ScopeRoles.Word(member.Role));
        writer.WritePropertyName("since"u8);
        LayerJson.WriteMark(writer, member.Mark);
        writer.WriteEndObject();
    }
}
