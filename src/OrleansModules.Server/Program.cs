using OrleansModules.Api;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Tree;
using OrleansModules.Server.Commands;
using OrleansModules.Server.Demo;
using OrleansModules.Server.Example;
using OrleansModules.Server.Startup;
using OrleansModules.Server.Telemetry;

try
{
    if (await Command.TryRunAsync(args))
    {
        return 0;
    }

    var builder = WebApplication.CreateSlimBuilder(args);
    builder.AddServerDefaults();
    builder.AddEmbeddedEngine();
    builder.AddSignIn();
    builder.AddUsageWork();
    builder.AddTelemetry();
    builder.Services.AddModulesApi();

    await using var app = builder.Build();
    var engine = app.Services.GetRequiredService<EmbeddedEngine>(); // opens the record
    var loading = Task.Run(() => engine.StartAsync(app.Lifetime.ApplicationStopping));
    app.UseTransportSecurity();
    app.UseExampleShell();
    app.UseModulesApi();
    app.MapModulesApi();

    // Loaded before it listens: whoever can connect gets right answers.
    await loading;
    await app.Services.GetRequiredService<HostVersionSetting>().ApplyAsync(app.Lifetime.ApplicationStopping);
    await app.Services.GetRequiredService<SignIn>().PrepareAsync(app.Lifetime.ApplicationStopping);
    await app.Services.GetRequiredService<DemoData>().LoadAsync(app.Lifetime.ApplicationStopping);
    app.Services.GetRequiredService<ProductMetrics>();

    await app.ListenAsync();
    StartupLog.Ready(app.Logger, string.Join(", ", app.Urls), app.Services.GetRequiredService<ModuleTree>().WorkspaceCount);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (StartupFailure.Explain(e) is { } line)
{
    await Console.Error.WriteLineAsync(line);
    return 1;
}
