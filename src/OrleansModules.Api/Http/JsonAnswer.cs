using System.Text.Json;
using OrleansModules.Api.Problems;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Http;

/// <summary>Writes answers that are not hot: lists, receipts, history, explanations.</summary>
internal static class JsonAnswer
{
    /// <summary>For one caller, and asked about again each time.</summary>
    public const string Revalidate = "private, no-cache";

    /// <summary>Answers with JSON.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status code.</param>
    /// <param name="version">Becomes the entity tag; null for none.</param>
    /// <param name="write">Writes the whole value.</param>
    public static Task WriteAsync(HttpContext context, int status, MapVersion? version, Action<Utf8JsonWriter> write)
    {
        var response = context.Response;
        if (version is { } v)
        {
            response.Headers.ETag = EntityTag.Of(v);
        }

        if (!response.Headers.ContainsKey(Staleness.Header))
        {
            response.Headers.CacheControl = Revalidate;
        }

        SecurityHeaders.SetForData(response);
        response.StatusCode = status;
        response.ContentType = "application/json";
        var body = CompactJson.Write(write, 1024);
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>Refuses clients that do not take JSON.</summary>
    /// <exception cref="ApiException">The client does not.</exception>
    public static void RequireAccepted(HttpContext context)
    {
        if (!Negotiation.Takes(context.Request.Headers.Accept, "application/json"))
        {
            throw new ApiException(NotAcceptable("application/json"));
        }
    }

    /// <summary>Says what there is instead of what the client takes.</summary>
    public static ApiProblem NotAcceptable(string offered) => new(StatusCodes.Status406NotAcceptable, ApiCodes.NotAcceptable, $"The answer is {offered}, which the request's Accept header does not take.");
}
