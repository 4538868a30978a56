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
        var headers = args.Texts("--header").Select(h => h.Split(": ", 2)).Select(h => KeyValuePair.Create(h[0], new StringValues(h[1]))).ToArray();
        var urls = args.Text("--urls")!; // given by who starts it
        args.RefuseOthers();

        await using var app = Build(urls);
        app.Run(context =>
        {
            var response = context.Response;
            response.StatusCode = status;
            foreach (var (name, value) in headers)
            {
                response.Headers[name] = value;
            }

            if (status == (int)HttpStatusCode.NotModified)
            {
                return Task.CompletedTask;
            }

            response.ContentLength = body.Length;
            return Write(response, body);
        });
        await app.RunAsync();
    }

    private static Task Write(HttpResponse response, byte[] body)
    {
        var write = response.BodyWriter.WriteAsync(body);
        return write.IsCompletedSuccessfully ? Task.CompletedTask : write.AsTask();
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
