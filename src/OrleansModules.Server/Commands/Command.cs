namespace OrleansModules.Server.Commands;

/// <summary>What the program does instead of serving, where its first argument names it.</summary>
internal static class Command
{
    /// <summary>Runs the command that the arguments name.</summary>
    /// <returns>False where they name none: the program is to serve.</returns>
    /// <exception cref="Startup.SettingsException">The command is not used as it should be.</exception>
    public static async Task<bool> TryRunAsync(string[] args)
    {
        switch (args)
        {
            case ["migrate", .. var rest]:
                await MigrateCommand.RunAsync(rest);
                return true;
            case ["export", .. var rest]:
                await TransferCommands.ExportAsync(rest);
                return true;
            case ["import", .. var rest]:
                await TransferCommands.ImportAsync(rest);
                return true;
            case ["raise-epoch", .. var rest]:
                await TransferCommands.RaiseEpochAsync(rest);
                return true;
            default:
                return false;
        }
    }
}
