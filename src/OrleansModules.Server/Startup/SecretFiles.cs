namespace OrleansModules.Server.Startup;

/// <summary>Settings from files, one each, as containers mount secrets.</summary>
internal static class SecretFiles
{
    private const string Setting = $"{ServerOptions.Section}:SecretsDirectory";

    /// <summary>Adds the files of the directory that <c>Modules:SecretsDirectory</c> names; they go before all other settings.</summary>
    /// <remarks>A file is named after its setting, with <c>__</c> for <c>:</c>, such as <c>Modules__BootstrapToken</c>. A line end behind its text is dropped.</remarks>
    public static void Add(ConfigurationManager configuration, List<string> faults)
    {
        if (configuration[Setting] is not { Length: > 0 } directory)
        {
            return;
        }

        var path = Path.GetFullPath(directory);
        if (!Directory.Exists(path))
        {
            faults.Add($"{Setting} must name a directory that exists, got '{directory}'");
            return;
        }

        try
        {
            configuration.AddKeyPerFile(path, optional: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"a file in {Setting} cannot be read: {e.Message.TrimEnd('.')}");
        }
    }
}
