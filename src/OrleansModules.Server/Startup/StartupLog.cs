namespace OrleansModules.Server.Startup;

/// <summary>Log messages of the start.</summary>
internal static partial class StartupLog
{
    /// <summary>The server answers.</summary>
    [LoggerMessage(1, LogLevel.Information, "Ready on {Addresses} with {WorkspaceCount} workspaces.")]
    public static partial void Ready(ILogger logger, string addresses, int workspaceCount);

    /// <summary>Demo data was loaded.</summary>
    [LoggerMessage(2, LogLevel.Information, "Loaded demo data: {ModuleCount} modules, {OrgCount} organizations, {WorkspaceCount} workspaces.")]
    public static partial void DemoLoaded(ILogger logger, int moduleCount, int orgCount, int workspaceCount);

    /// <summary>Demo data was asked for, but there is data.</summary>
    [LoggerMessage(3, LogLevel.Information, "Demo data not loaded: there is data already.")]
    public static partial void DemoSkipped(ILogger logger);

    /// <summary>The host's version is another than before.</summary>
    [LoggerMessage(4, LogLevel.Information, "Host version is now {HostVersion}.")]
    public static partial void HostVersionSet(ILogger logger, string hostVersion);

    /// <summary>The file of the token key is readable, or can be written, by others than its owner.</summary>
    [LoggerMessage(5, LogLevel.Warning, "Others than the owner may read or write {Path}: chmod 600 it. Where they did, delete it and make all API tokens anew.")]
    public static partial void KeyFileOpen(ILogger logger, string path);
}
