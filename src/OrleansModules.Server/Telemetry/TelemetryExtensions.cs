using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OrleansModules.Server.Telemetry;

/// <summary>Sends traces, metrics and logs by OTLP where an endpoint is configured; costs nothing otherwise.</summary>
internal static class TelemetryExtensions
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Adds product metrics and, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, their export.</summary>
    /// <remarks>The exporter reads the other standard variables too: headers, protocol, timeout, resource attributes.</remarks>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ProductMetrics>();
        if (builder.Configuration[Endpoint] is not { Length: > 0 })
        {
            return;
        }

        // The container disposes the providers at the end, which sends what is left.
        var resource = ResourceBuilder.CreateDefault().AddService("orleans-modules").AddEnvironmentVariableDetector();
        builder.Logging.AddOpenTelemetry(logs => logs.SetResourceBuilder(resource).AddOtlpExporter());
        builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore", "Microsoft.Orleans.Application").AddOtlpExporter().Build());
        builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter(ProductMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Microsoft.Orleans").AddOtlpExporter().Build());
        builder.Services.AddHostedService<TelemetryProviders>();
    }

    /// <summary>Makes the providers when the server starts.</summary>
    private sealed class TelemetryProviders(TracerProvider traces, MeterProvider metrics) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            traces.ForceFlush();
            metrics.ForceFlush();
            return Task.CompletedTask;
        }
    }
}
