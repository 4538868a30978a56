using OrleansModules.Api.Problems;
using OrleansModules.Core.Json;

namespace OrleansModules.Api.OpenFeature;

/// <summary>A refusal in the words of the evaluation protocol.</summary>
/// <param name="Code">An error code of the protocol, or <see cref="Forbidden"/>, for which it has none.</param>
/// <param name="Details">What is wrong, for a person.</param>
internal sealed record EvaluationFault(string Code, string Details)
{
    public const string FlagNotFound = "FLAG_NOT_FOUND";
    public const string General = "GENERAL";
    public const string InvalidContext = "INVALID_CONTEXT";
    public const string ParseError = "PARSE_ERROR";
    public const string TargetingKeyMissing = "TARGETING_KEY_MISSING";

    public const string Forbidden = "FORBIDDEN";

    /// <summary>Its status: the protocol knows no other ones.</summary>
    public int Status => Code switch
    {
        FlagNotFound => StatusCodes.Status404NotFound,
        General => StatusCodes.Status500InternalServerError,
        Forbidden => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status400BadRequest,
    };

    /// <summary>Answers with it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="key">The key that was asked for; null in bulk.</param>
    public Task WriteAsync(HttpContext context, string? key)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        var body = CompactJson.Write(writer =>
        {
            writer.WriteStartObject();
            if (key is not null)
            {
                writer.WriteString("key"u8, key);
            }

            writer.WriteString("errorCode"u8, Code);
            writer.WriteString("errorDetails"u8, Details);
            if (Code is General)
            {
                writer.WriteStartObject("metadata"u8);
                writer.WriteString("traceId"u8, ProblemWriter.TraceId(context));
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        });
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
