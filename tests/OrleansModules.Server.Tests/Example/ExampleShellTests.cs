using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using OrleansModules.Server.Example;
using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Example;

public sealed class ExampleShellTests
{
    [Fact]
    public async Task Built_example_is_served_with_a_strict_content_policy_and_cached_by_name()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(Path.Combine(directory.Path, "example", "assets"));
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "example", "index.html"), "<p>Hello</p>");
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "example", "assets", "index-1a2b.js"), "1");
        Directory.CreateDirectory(Path.Combine(directory.Path, "example", "metrics"));
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "example", "metrics", "kb.json"), "{}");
        await using var app = await StartAsync(directory.Path);
        using var client = ClientOf(app);

        using var page = await client.GetAsync(new Uri("/example?workspace=red", UriKind.Relative));
        Assert.Equal("<p>Hello</p>", await page.Content.ReadAsStringAsync());
        Assert.True(page.Headers.CacheControl?.NoCache);
        Assert.Contains("default-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        using var script = await client.GetAsync(new Uri("/example/assets/index-1a2b.js", UriKind.Relative));
        Assert.Equal("public, max-age=31536000, immutable", script.Headers.GetValues("Cache-Control").Single());
        Assert.Equal("nosniff", script.Headers.GetValues("X-Content-Type-Options").Single());

        using var data = await client.GetAsync(new Uri("/example/metrics/kb.json", UriKind.Relative));
        Assert.Equal("application/json", data.Content.Headers.ContentType?.MediaType);
        Assert.True(data.Headers.CacheControl?.NoCache);

        using var outside = await client.GetAsync(new Uri("/example/..%2f..%2fsecret.txt", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
    }

    [Fact]
    public async Task Example_that_was_not_built_says_why_and_how_to_get_it()
    {
        using var directory = new TempDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "fault.txt"), "there is no Node <20>\n");
        await using var app = await StartAsync(directory.Path);
        using var client = ClientOf(app);

        using var answer = await client.GetAsync(new Uri("/example/", UriKind.Relative));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("Reason: there is no Node &lt;20&gt;.", page, StringComparison.Ordinal);
        Assert.Contains("dotnet run --project src/OrleansModules.Server", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Example_whose_build_failed_is_not_served_as_it_was_built_before()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(Path.Combine(directory.Path, "example"));
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "example", "index.html"), "<p>Before</p>");
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "fault.txt"), "their build failed with exit code 1\n");
        using var log = new Warnings();
        await using var app = await StartAsync(directory.Path, log);
        using var client = ClientOf(app);

        using var answer = await client.GetAsync(new Uri("/example/", UriKind.Relative));
        Assert.Contains("Reason: their build failed with exit code 1.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["The example shell is not built (their build failed with exit code 1): /example says how to get it."], log.Messages);
    }

    [Fact]
    public async Task Server_in_production_has_no_example_unless_it_is_told_to()
    {
        using var directory = new TempDirectory();
        await using var plain = await ServerProcess.StartAsync(ServerSetup.In(directory));
        Assert.DoesNotContain(plain.Output, line => line.Contains("example shell", StringComparison.Ordinal));
        Assert.Equal(0, (await plain.StopAsync()).Code);

        await using var told = await ServerProcess.StartAsync(ServerSetup.In(directory).With("Modules__Example", "true"));
        Assert.Contains(told.Output, line => line.Contains("The example shell is not built (it was not built with this server)", StringComparison.Ordinal));
    }

    private static async Task<WebApplication> StartAsync(string built, ILoggerProvider? log = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        var app = builder.Build();
        app.UseExampleShell(built);
        await app.StartAsync();
        return app;
    }

    private static HttpClient ClientOf(WebApplication app) => new() { BaseAddress = new Uri(app.Urls.Single()) };

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public List<string> Messages { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Messages.Add(formatter(state, exception));
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }
}
