using System.Globalization;
using OrleansModules.Server.Startup;
using OrleansModules.Storage.Postgres;
using OrleansModules.Storage.Postgres.Migrations;

namespace OrleansModules.Server.Commands;

/// <summary>The command <c>migrate</c>: applies missing scripts to the database and ends.</summary>
internal static class MigrateCommand
{
    private const string AppliedSetting = "applied";

    /// <summary>Runs it.</summary>
    /// <param name="args">The command line after the command.</param>
    /// <exception cref="SettingsException">There is no connection string, or <c>--applied</c> is no number.</exception>
    public static async Task RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var connection = builder.Configuration.PostgresConnection() ?? throw new SettingsException(["'migrate' needs ConnectionStrings:Modules"]);
        int? applied = builder.Configuration[AppliedSetting] is not { } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new SettingsException([$"--{AppliedSetting} must be the number of a script, got '{text}'"]);

        await using var app = builder.Build();
        var state = await Migrator.RunAsync(new PostgresOptions { ConnectionString = connection }, applied, app.Logger, CancellationToken.None);
        await Console.Out.WriteLineAsync($"Database {state.Database}, schema {state.Schema}: {state.Applied} script(s) applied, now at {state.LastScript}.");
    }
}
