using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansModules.Api.Tests.Access.Jwt;

/// <summary>Where an identity provider publishes its keys: a web server of the loopback interface.</summary>
internal sealed class JwksSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _reads;

    private JwksSite(WebApplication app) => _app = app;

    /// <summary>What it publishes; null answers 503.</summary>
    public string? KeySet { get; set; }

    /// <summary>How often it was asked.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Its address.</summary>
    public string Url => _app.Urls.Single() + "/keys";

    /// <summary>Starts one.</summary>
    public static async Task<JwksSite> StartAsync(string keySet)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var site = new JwksSite(app) { KeySet = keySet };
        app.MapGet("/keys", site.AnswerAsync);
        await app.StartAsync();
        return site;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _reads);
        if (KeySet is { } set)
        {
            context.Response.ContentType = "application/jwk-set+json";
            return context.Response.WriteAsync(set);
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }
}
