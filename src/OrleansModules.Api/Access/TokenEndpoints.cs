using System.Collections.Frozen;
using System.Text.Json;
using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Core.Access;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>Lists, makes, rotates and revokes the tokens of a scope. The text of a token is in one answer and nowhere else.</summary>
internal sealed class TokenEndpoints(IModuleEngine engine, AccessLimits limits, AccessSecrets secrets, TimeProvider time)
{
    private const int MaxNameLength = 200;
    private const int MaxIdLength = 64;
    private const int DefaultOverlap = 24 * 60 * 60;
    private const int MaxOverlap = 30 * DefaultOverlap;

    private static readonly FrozenSet<string> CreateFields = FrozenSet.Create(StringComparer.Ordinal, "name", "role", "expiresAt");
    private static readonly FrozenSet<string> RotateFields = FrozenSet.Create(StringComparer.Ordinal, "overlapSeconds");

    /// <summary>All tokens of a scope, ended ones too, by id.</summary>
    public RequestDelegate List(ScopeKind kind) => async context =>
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var scope = RouteIds.Read(context, kind, faults);
        _ = new QueryParameters(context.Request, faults);
        RouteIds.ThrowIfAny(faults);
        var access = await AccessReads.ReadAsync(engine, scope!.Value, context); // no faults, so there is one
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, null, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("tokens"u8);
            foreach (var token in access.Tokens)
            {
                TokenJson.Write(writer, token);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    };

    /// <summary>One token.</summary>
    public RequestDelegate Get(ScopeKind kind) => async context =>
    {
        JsonAnswer.RequireAccepted(context);
        var faults = new List<Fault>();
        var scope = RouteIds.Read(context, kind, faults);
        var id = ReadId(context, faults);
        _ = new QueryParameters(context.Request, faults);
        RouteIds.ThrowIfAny(faults);
        var access = await AccessReads.ReadAsync(engine, scope!.Value, context); // no faults, so there is one; an id too
        var token = access.FindToken(id!) ?? throw new ApiException(new Fault(FaultCodes.TokenNotFound, "", $"{scope} has no token '{id}'.") { Scope = scope.ToString() });
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, null, writer => TokenJson.Write(writer, token));
    };

    /// <summary>Makes the command that adds a token.</summary>
    public ScopeCommand? Create(HttpContext context, JsonElement body, List<Fault> faults)
    {
        var fields = new JsonFields(body, "", CreateFields, faults);
        var name = fields.Text("name", 1, MaxNameLength);
        if (fields.IsObject && name is null && !fields.TryGet("name", out _))
        {
            faults.Add(new Fault(FaultCodes.MissingField, "/name", "'name' is required: say what the token is for."));
        }

        var role = AccessReads.ReadRole(fields, faults);
        var now = Now();
        var expiresAt = ReadEnd(fields, now);
        if (faults.Count > 0 || name is null)
        {
            return null;
        }

        var caller = Caller.Of(context);
        limits.RequireReach(caller, caller.Scope, role);
        AccessLimits.RequireEnd(caller, expiresAt);
        var id = TokenText.NewId();
        return new ScopeCommand.CreateToken(new AccessToken(id, name, role, now, expiresAt, [NewSecret(context, caller.Scope, id, now)]));
    }

    /// <summary>Makes the command that gives a token a new secret.</summary>
    public ScopeCommand? Rotate(HttpContext context, JsonElement body, List<Fault> faults)
    {
        var overlap = new JsonFields(body, "", RotateFields, faults).Number("overlapSeconds", 0, MaxOverlap, DefaultOverlap);
        if (ReadId(context, faults) is not { } id || faults.Count > 0)
        {
            return null;
        }

        var caller = Caller.Of(context);
        limits.RequireToken(caller, caller.Scope, id);
        var now = Now();
        return new ScopeCommand.RotateToken(id, NewSecret(context, caller.Scope, id, now), now.AddSeconds(overlap));
    }

    /// <summary>Makes the command that takes a token away.</summary>
    public ScopeCommand? Revoke(HttpContext context, JsonElement body, List<Fault> faults)
    {
        if (ReadId(context, faults) is not { } id || faults.Count > 0)
        {
            return null;
        }

        var caller = Caller.Of(context);
        limits.RequireToken(caller, caller.Scope, id);
        return new ScopeCommand.RevokeToken(id);
    }

    /// <summary>Shows the text of a token in the receipt of the very request that made it; a repeat does not know it.</summary>
    public static void Show(HttpContext context, Utf8JsonWriter writer, ChangeAnswer.Accepted accepted)
    {
        if (!accepted.IsReplay && context.Items[typeof(TokenText)] is string text)
        {
            context.Response.Headers.CacheControl = "no-store";
            writer.WriteString("secret"u8, text);
        }
    }

    private TokenSecret NewSecret(HttpContext context, ScopeId scope, string id, DateTime now)
    {
        var text = TokenText.New(scope, id);
        context.Items[typeof(TokenText)] = text;
        return new TokenSecret(secrets.Hash(text), now, null);
    }

    private static DateTime? ReadEnd(JsonFields fields, DateTime now)
    {
        if (!fields.TryGet("expiresAt", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return JsonFields.TextOf(value) is not null && value.TryGetDateTimeOffset(out var end) && end.UtcDateTime > now
            ? Whole(end.UtcDateTime)
            : fields.Wrong<DateTime?>("expiresAt", "a time to come, as RFC 3339 writes it, or null", null);
    }

    private static string? ReadId(HttpContext context, List<Fault> faults)
    {
        if (context.Request.RouteValues[RouteIds.Token] is string { Length: > 0 and <= MaxIdLength } id && id.All(char.IsAsciiLetterOrDigit))
        {
            return id;
        }

        faults.Add(new Fault(FaultCodes.InvalidId, RouteIds.Token, $"This is no id of a token; accepted: 1 to {MaxIdLength} letters and digits."));
        return null;
    }

    private DateTime Now() => Whole(time.GetUtcNow().UtcDateTime);

    private static DateTime Whole(DateTime at) => new(at.Ticks - (at.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);
}
