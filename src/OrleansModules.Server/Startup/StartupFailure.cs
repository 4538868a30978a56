using Microsoft.Extensions.Options;
using OrleansModules.Core.Stores;

namespace OrleansModules.Server.Startup;

/// <summary>Says in one line why the server cannot start.</summary>
internal static class StartupFailure
{
    /// <summary>The line for standard error; null for what nobody foresaw, which keeps its stack trace.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        SettingsException => $"Cannot start: {failure.Message}.",
        OptionsValidationException validation => $"Cannot start: {string.Join("; ", validation.Failures)}",
        StoreException => $"Cannot start: {failure.Message}",
        IOException => $"Cannot start: {failure.Message}",
        _ => null,
    };
}
