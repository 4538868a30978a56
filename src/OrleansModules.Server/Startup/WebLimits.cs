using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansModules.Server.Startup;

/// <summary>What a connection may ask of the web server.</summary>
internal static class WebLimits
{
    /// <summary>The longest request line, in bytes; longer ones are answered 414.</summary>
    public const int RequestLine = 8 << 10;

    /// <summary>The most headers; more are answered 431.</summary>
    public const int Headers = 64;

    /// <summary>The most bytes of all headers together; more are answered 431.</summary>
    public const int HeaderBytes = 32 << 10;

    /// <summary>How long the headers of a request may take to arrive; later ones are answered 408.</summary>
    public static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be idle between two requests.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Sets them.</summary>
    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;

        // The readers of bodies have the limit that is set; this one only must not be below the largest that can be set.
        kestrel.Limits.MaxRequestBodySize = 65L << 20;
        kestrel.Limits.MaxRequestHeaderCount = Headers;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
        kestrel.Limits.MaxRequestLineSize = RequestLine;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = IdleTimeout;
        kestrel.ConfigureHttpsDefaults(https => https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13);
    }
}
