using OrleansModules.Api;
using OrleansModules.Core.Tree;
using OrleansModules.Server.Commands;
using OrleansModules.Server.Demo;
using OrleansModules.Server.Example;
using OrleansModules.Server.Startup;
using OrleansModules.Server.Telemetry;
using OrleansModules.Silo.Startup;

try
{
    if (await Command.TryRunAsync(args))
    {
        return 0;
    }

    var builder = WebApplication.CreateSlimBuilder(args);
    builder.AddServerDefaults();
    builder.AddStore();
    builder.AddCluster();
    builder.AddTelemetry();
    builder.AddSignIn();
    builder.AddUsageWork();
    builder.Services.AddModulesApi();

    await using var app = builder.Build();
    app.UseTransportSecurity();
    app.UseExampleShell();
    app.UseModulesApi();
    app.MapModulesApi();
    app.MapCluster();
    app.Services.GetRequiredService<ProductMetrics>();

    // The engine loads before the silo joins, the silo joins before the web server listens.
    await app.ListenAsync();
    await app.Services.GetRequiredService<HostVersionSetting>().ApplyAsync(app.Lifetime.ApplicationStopping);
    await app.Services.GetRequiredService<SignIn>().PrepareAsync(app.Lifetime.ApplicationStopping);
    await app.Services.GetRequiredService<DemoData>().LoadAsync(app.Lifetime.ApplicationStopping);
    StartupLog.Ready(app.Logger, string.Join(", ", app.Urls), app.Services.GetRequiredService<ModuleTree>().WorkspaceCount);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (StartupFailure.Explain(e) is { } line)
{
    await Console.Error.WriteLineAsync(line);
    return 1;
}
