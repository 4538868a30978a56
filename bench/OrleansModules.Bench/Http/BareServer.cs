using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace OrleansModules.Bench.Http;

/// <summary>The yardstick: a Kestrel endpoint that does nothing but write fixed bytes.</summary>
internal static class BareServer
{
    /// <summary>Serves until it is killed. <c>--body file --status 200 --header "Name: value" --urls ...</c>.</summary>
    public static async Task RunAsync(BenchArgs args)
    {
        var body = args.Text("--body") is { } file ? await File.ReadAllBytesAsync(file) : [];
        var status = args.Number("--status", (int)HttpStatusCode.OK);
        var headers = args.Texts("--header").Select(h => h.Split(": ", 2)).ToDictionary(h => h[0], h => new StringValues(h[1]), StringComparer.OrdinalIgnoreCase);
        var urls = args.Text("--urls")!; // given by who starts it
        args.RefuseOthers();

        // The known ones are set by property, the fastest way there is.
        headers.Remove("Content-Type", out var type);
        headers.Remove("Content-Encoding", out var encoding);
        headers.Remove("ETag", out var etag);
        var others = headers.ToArray();

        await using var app = Build(urls);
        app.Run(context =>
        {
            var response = context.Response;
            response.StatusCode = status;
            response.Headers.ETag = etag;
            foreach (var (name, value) in others)
            {
                response.Headers[name] = value;
            }

            if (status == (int)HttpStatusCode.NotModified)
            {
                return Task.CompletedTask;
            }

            response.Headers.ContentType = type;
            response.Headers.ContentEncoding = encoding;
            response.ContentLength = body.Length;
            response.BodyWriter.Write(body); // flushed once, with the end of the answer
            return Task.CompletedTask;
        });
        await app.RunAsync();
    }

    /// <summary>A host as bare as they get, quiet as the product is.</summary>
    public static WebApplication Build(string urls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(urls);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        return builder.Build();
    }
}
