using Microsoft.Extensions.Options;

namespace OrleansModules.Client.Hosting;

/// <summary>Refuses wrong settings at the start of the host, all at once.</summary>
internal sealed class ModulesClientValidator : IValidateOptions<ModulesClientOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ModulesClientOptions options) =>
        options.Faults().ToArray() is { Length: > 0 } faults ? ValidateOptionsResult.Fail(faults.Select(f => $"{ModulesClientOptions.Section}: {f}")) : ValidateOptionsResult.Success;
}
