using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansModules.Bench.Http;

namespace OrleansModules.Bench.Streams;

/// <summary>The yardstick: holds responses open and writes fixed bytes to each when told to.</summary>
internal static class BareStreams
{
    /// <summary>Serves until it is killed. <c>--event file --urls ...</c>: GET opens a stream, POST writes the event to all.</summary>
    public static async Task RunAsync(BenchArgs args)
    {
        var text = await File.ReadAllBytesAsync(args.Text("--event")!); // given by who starts it
        var urls = args.Text("--urls")!;
        args.RefuseOthers();

        var open = new ConcurrentDictionary<HttpResponse, bool>();
        await using var app = BareServer.Build(urls);
        app.Run(async context =>
        {
            if (HttpMethods.IsPost(context.Request.Method))
            {
                _ = Task.Run(() => WriteAsync(open.Keys, text));
                return;
            }

            var response = context.Response;
            if (!context.Request.Path.StartsWithSegments("/streams", StringComparison.Ordinal))
            {
                return;
            }

            response.ContentType = "text/event-stream";
            await response.BodyWriter.WriteAsync(text);
            open.TryAdd(response, true);
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = context.RequestAborted.Register(() => ended.TrySetResult());
            await ended.Task;
            open.TryRemove(response, out _);
        });
        await app.RunAsync();
    }

    private static async Task WriteAsync(ICollection<HttpResponse> open, byte[] text)
    {
        foreach (var response in open)
        {
            await response.BodyWriter.WriteAsync(text);
        }
    }
}
