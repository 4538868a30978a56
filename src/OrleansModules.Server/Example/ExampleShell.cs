using System.Text.Encodings.Web;
using Microsoft.Extensions.FileProviders;
using OrleansModules.Server.Startup;

namespace OrleansModules.Server.Example;

/// <summary>Serves the example shell, a host application built with the web kits, below <c>/example</c>.</summary>
internal static partial class ExampleShell
{
    private const string Address = "/example";
    private const string Assets = Address + "/assets"; // their names change with their contents

    // All it needs comes from this server; nobody may frame it, as its buttons change settings.
    private const string ContentPolicy = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private const string HowToGetIt = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>The example shell is not built</title></head>
        <body>
        <h1>The example shell is not built</h1>
        <p>Reason: {0}.</p>
        <p>Everything else works. To get the example, have Node 20 or newer with npm, and start the server again from its sources:</p>
        <pre>dotnet run --project src/OrleansModules.Server</pre>
        <p>To see all that the build says:</p>
        <pre>dotnet build src/OrleansModules.Server -p:BuildWeb=true</pre>
        <p>A published server has the example if it could be built when the server was published.</p>
        </body>
        </html>
        """;

    // Where a build puts what it made, or why it could not: see Web.targets.
    private static readonly string Built = Path.Combine(AppContext.BaseDirectory, "web");

    /// <summary>Serves the example where the settings say so; where it was not built, a page that says how to get it.</summary>
    public static void UseExampleShell(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ServerOptions>().Example ?? app.Environment.IsDevelopment())
        {
            app.UseExampleShell(Built);
        }
    }

    /// <summary>Serves the example that was built below a directory.</summary>
    internal static void UseExampleShell(this WebApplication app, string built)
    {
        var directory = Path.Combine(built, "example");
        var fault = Path.Combine(built, "fault.txt");
        var isFaulty = File.Exists(fault);
        if (isFaulty || !File.Exists(Path.Combine(directory, "index.html")))
        {
            // What is there beside a fault was built before it.
            var reason = isFaulty ? File.ReadAllText(fault).Trim() : "it was not built with this server";
            NotBuilt(app.Logger, isFaulty ? LogLevel.Warning : LogLevel.Information, reason);
            var page = HowToGetIt.Replace("{0}", HtmlEncoder.Default.Encode(reason), StringComparison.Ordinal);
            app.MapWhen(context => context.Request.Path.StartsWithSegments(Address, StringComparison.Ordinal), missing => missing.Run(context => ExplainAsync(context, page)));
            return;
        }

        Served(app.Logger);
        var options = new FileServerOptions { RequestPath = Address, FileProvider = new PhysicalFileProvider(directory) };
        options.StaticFileOptions.OnPrepareResponse = file => Protect(file.Context.Response, file.Context.Request.Path.StartsWithSegments(Assets, StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache");
        app.UseFileServer(options);
    }

    private static async Task ExplainAsync(HttpContext context, string page)
    {
        Protect(context.Response, "no-store");
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(page, context.RequestAborted);
    }

    private static void Protect(HttpResponse response, string caching)
    {
        response.Headers.CacheControl = caching;
        response.Headers.ContentSecurityPolicy = ContentPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XFrameOptions = "DENY"; // for browsers that do not know frame-ancestors
        response.Headers["Referrer-Policy"] = "no-referrer";
    }

    [LoggerMessage(30, LogLevel.Information, "The example shell is served at /example.")]
    private static partial void Served(ILogger logger);

    [LoggerMessage(EventId = 31, Message = "The example shell is not built ({Reason}): /example says how to get it.")]
    private static partial void NotBuilt(ILogger logger, LogLevel level, string reason);
}
