using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Telemetry;

public sealed class OtlpTests
{
    [Fact]
    public async Task Telemetry_with_an_endpoint_arrives_there_by_the_time_of_stop()
    {
        var paths = Channel.CreateUnbounded<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            await paths.Writer.WriteAsync($"{context.Request.Method} {context.Request.Path}", context.RequestAborted);
        });
        await collector.StartAsync();

        using var directory = new TempDirectory();
        var setup = ServerSetup.In(directory).With("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.Single()).With("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        await using var server = await ServerProcess.StartAsync(setup);
        (await server.Client.GetAsync("/modules")).Is(200);
        Assert.Equal(0, (await server.StopAsync()).Code);

        paths.Writer.Complete();
        var received = await paths.Reader.ReadAllAsync().Distinct().ToListAsync();
        Assert.Contains("POST /v1/metrics", received);
        Assert.Contains("POST /v1/traces", received);
        Assert.Contains("POST /v1/logs", received);
    }
}
