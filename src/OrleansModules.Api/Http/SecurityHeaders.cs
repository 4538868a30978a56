using Microsoft.Extensions.Primitives;

namespace OrleansModules.Api.Http;

/// <summary>Headers of answers that are data: what a browser must not do with them.</summary>
/// <remarks>Hot reads and event streams send the first only: it keeps a browser from taking them for anything but data, and they are made to be small.</remarks>
internal static class SecurityHeaders
{
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues Nothing = "default-src 'none'; frame-ancestors 'none'";
    private static readonly StringValues NoReferrer = "no-referrer";

    /// <summary>Sets them: no guessing of types, nothing to load or to run, no frame, no address handed on.</summary>
    public static void SetForData(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = NoSniff;
        response.Headers.ContentSecurityPolicy = Nothing;
        response.Headers["Referrer-Policy"] = NoReferrer;
    }
}
