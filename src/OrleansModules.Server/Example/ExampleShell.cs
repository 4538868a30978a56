using Microsoft.Extensions.FileProviders;
using OrleansModules.Server.Startup;

namespace OrleansModules.Server.Example;

/// <summary>Serves the example shell, a host application built with the web kits, below <c>/example</c>.</summary>
internal static partial class ExampleShell
{
    private const string Address = "/example";

    // All it needs comes from this server; nobody may frame it, as its buttons change settings.
    private const string ContentPolicy = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private const string HowToGetIt = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>The example shell is not built</title></head>
        <body>
        <h1>The example shell is not built</h1>
        <p>Everything else works. To get the example, install Node 20 or newer (with npm), and start the server again from its sources:</p>
        <pre>dotnet run --project src/OrleansModules.Server</pre>
        <p>What went wrong at the last start is in the output of that command. A published server has the example if Node was there when it
        was published; <code>dotnet publish -p:BuildWeb=true</code> fails where it is not.</p>
        </body>
        </html>
        """;

    /// <summary>Where a build puts the files: beside the server's assemblies.</summary>
    internal static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "web", "example");

    /// <summary>Serves the example where the settings say so; where it was not built, a page that says how to get it.</summary>
    public static void UseExampleShell(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ServerOptions>().Example ?? app.Environment.IsDevelopment())
        {
            app.UseExampleShell(Directory);
        }
    }

    /// <summary>Serves the example from a directory.</summary>
    internal static void UseExampleShell(this WebApplication app, string directory)
    {
        if (!File.Exists(Path.Combine(directory, "index.html")))
        {
            NotBuilt(app.Logger);
            app.MapWhen(context => context.Request.Path.StartsWithSegments(Address, StringComparison.Ordinal), missing => missing.Run(ExplainAsync));
            return;
        }

        Served(app.Logger);
        var options = new FileServerOptions { RequestPath = Address, FileProvider = new PhysicalFileProvider(directory) };
        options.StaticFileOptions.OnPrepareResponse = file => Protect(file.Context.Response, string.Equals(file.File.Name, "index.html", StringComparison.Ordinal) ? "no-cache" : "public, max-age=31536000, immutable");
        app.UseFileServer(options);
    }

    private static async Task ExplainAsync(HttpContext context)
    {
        Protect(context.Response, "no-store");
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(HowToGetIt, context.RequestAborted);
    }

    private static void Protect(HttpResponse response, string caching)
    {
        response.Headers.CacheControl = caching;
        response.Headers.ContentSecurityPolicy = ContentPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
    }

    [LoggerMessage(30, LogLevel.Information, "The example shell is served at /example.")]
    private static partial void Served(ILogger logger);

    [LoggerMessage(31, LogLevel.Information, "The example shell is not built: /example says how to get it.")]
    private static partial void NotBuilt(ILogger logger);
}
