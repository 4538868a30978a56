using OrleansModules.Core.Stores;
using OrleansModules.Core.Transfer;
using OrleansModules.Server.Startup;

namespace OrleansModules.Server.Commands;

/// <summary>Commands that move the record: <c>export FILE</c>, <c>import FILE [--dry-run]</c>, <c>raise-epoch REASON</c>.</summary>
/// <remarks>They open the store that the settings name, as the server does, and end. The server must not run on a journal meanwhile.</remarks>
internal static class TransferCommands
{
    private const string DryRun = "--dry-run";

    /// <summary>Writes everything to a file that must not exist yet.</summary>
    public static async Task ExportAsync(string[] args)
    {
        var (path, rest) = Argument(args, "'export' needs the name of a file to write");
        await using var app = Build(rest);
        var store = app.Services.GetRequiredService<IScopeStore>();
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        var changes = await RecordExport.WriteAsync(store, file, CancellationToken.None);
        file.Flush(flushToDisk: true);
        await Console.Out.WriteLineAsync($"Exported {changes} changes to {path}.");
    }

    /// <summary>Reads a file whole, says what it holds, and takes it in unless it is a dry run.</summary>
    public static async Task ImportAsync(string[] args)
    {
        var (path, rest) = Argument([.. args.Where(a => a is not DryRun)], "'import' needs the name of a file to read");
        await using var app = Build(rest);
        var store = app.Services.GetRequiredService<IScopeStore>();
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
        try
        {
            var report = await RecordImport.PlanAsync(store, file, CancellationToken.None);
            if (!args.Contains(DryRun, StringComparer.Ordinal))
            {
                file.Position = 0;
                report = await RecordImport.ImportAsync(store, file, CancellationToken.None);
            }

            var verb = args.Contains(DryRun, StringComparer.Ordinal) ? "Would import" : "Imported";
            await Console.Out.WriteLineAsync($"{verb} {report.Added} of {report.Changes} changes: {report.Modules} modules, {report.Orgs} organizations, {report.Workspaces} workspaces then.");
        }
        catch (FormatException e)
        {
            throw new SettingsException([$"{path} cannot be imported: {e.Message.TrimEnd('.')}"]);
        }
    }

    /// <summary>Begins a new epoch, after a backup was restored and before the server starts.</summary>
    public static async Task RaiseEpochAsync(string[] args)
    {
        var (reason, rest) = Argument(args, "'raise-epoch' needs a reason, such as \"backup of Monday restored\"");
        await using var app = Build(rest);
        var epoch = await app.Services.GetRequiredService<IScopeStore>().RaiseEpochAsync(reason, CancellationToken.None);
        await Console.Out.WriteLineAsync($"The record is in epoch {epoch} now.");
    }

    private static (string First, string[] Others) Argument(string[] args, string missing) =>
        args is [{ Length: > 0 and <= 1000 } first, .. var rest] && !first.StartsWith("--", StringComparison.Ordinal) ? (first, rest) : throw new SettingsException([missing]);

    private static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddServerDefaults();
        builder.AddStore();
        return builder.Build();
    }
}
