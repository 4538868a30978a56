using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using OrleansModules.Server.Startup;
using OrleansModules.Server.Tests.Http;
using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Startup;

/// <summary>What one connection may ask of the server, on its real port.</summary>
public sealed class WebLimitsTests
{
    private const string Good = $"GET /api/platform/whoami HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ServerSetup.Token}\r\n";

    [Fact]
    public async Task Requests_over_a_limit_are_refused_and_those_just_below_are_not()
    {
        using var directory = new TempDirectory();
        await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory).With("Modules__Api__MaxBodyBytes", "2048"));

        var query = WebLimits.RequestLine - "GET /health/live? HTTP/1.1\r\n".Length;
        Assert.Equal(200, await StatusAsync($"GET /health/live?{new string('a', query)} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        Assert.Equal(414, await StatusAsync($"GET /health/live?{new string('a', query + 1)} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        Assert.Equal(200, await StatusAsync(Good + Headers(WebLimits.Headers - 2, 1)));
        Assert.Equal(431, await StatusAsync(Good + Headers(WebLimits.Headers - 1, 1)));
        Assert.Equal(200, await StatusAsync(Good + Headers(30, 1000)));
        Assert.Equal(431, await StatusAsync(Good + Headers(34, 1000)));
        Assert.Equal(200, await StatusAsync(Post(2048)));
        Assert.Equal(413, await StatusAsync(Post(2049)));
        Assert.Equal(413, await StatusAsync(Post(long.MaxValue)));
        Assert.Equal(400, await StatusAsync("GET / HTTP/1.1\r\n\r\n")); // no host
        (await server.Client.GetAsync("/whoami")).Is(200);

        Task<int> StatusAsync(string request) => RawConnection.StatusAsync(server.Address!, request);
    }

    [Fact]
    public async Task Headers_that_do_not_come_in_time_end_the_connection()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            WebLimits.Apply(kestrel);
            Assert.Equal(WebLimits.HeadersTimeout, kestrel.Limits.RequestHeadersTimeout);
            Assert.Equal(WebLimits.IdleTimeout, kestrel.Limits.KeepAliveTimeout);
            Assert.False(kestrel.AddServerHeader);
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromMilliseconds(100);
        });
        await using var app = builder.Build();
        await app.StartAsync();
        using var slow = await RawConnection.OpenAsync(new Uri(app.Urls.Single()));
        await slow.SendAsync("GET / HTTP/1.1\r\nHost: local");
        Assert.Equal(408, await slow.StatusAsync());
    }

    // As many headers, of so many bytes each with their names.
    private static string Headers(int count, int bytes) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"X{i.ToString("000", CultureInfo.InvariantCulture)}: {new string('a', Math.Max(1, bytes - 8))}\r\n")) + "\r\n";

    // A body of so many bytes; of a very large one only the beginning.
    private static string Post(long bytes)
    {
        const string Start = """{"workspaces":["w1"]""";
        var body = Start + new string(' ', (int)Math.Min(bytes, 4096) - Start.Length - 1) + "}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"POST /api/platform/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ServerSetup.Token}\r\nContent-Type: application/json\r\nContent-Length: {bytes}\r\n\r\n{body}");
    }
}
