using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.EndToEnd;

/// <summary>What the client's own handler does.</summary>
public sealed class HttpTests
{
    [Fact]
    public async Task Compressed_map_is_asked_for_and_read()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapGet("/api/platform/workspaces/red/modules", async (HttpContext http) =>
        {
            Assert.Contains("gzip", http.Request.Headers.AcceptEncoding.ToString(), StringComparison.Ordinal);
            http.Response.Headers.ContentEncoding = "gzip";
            http.Response.ContentType = "application/json";
            await using var zip = new GZipStream(http.Response.Body, CompressionLevel.Fastest);
            await zip.WriteAsync(Encoding.UTF8.GetBytes(Maps.Map("s1.o1.w1", Maps.Module("chat"))));
        });
        await app.StartAsync();
        await using var client = new ModulesClient(new ModulesClientOptions { Address = new Uri(app.Urls.Single()), FirstMapPatience = Waiting.Patience });
        Assert.True((await client.GetAsync(ClientFixture.Red))?.IsAvailable("chat"), client.Status(ClientFixture.Red).ToString());
    }
}
