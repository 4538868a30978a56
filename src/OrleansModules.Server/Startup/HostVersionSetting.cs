using NuGet.Versioning;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Server.Startup;

/// <summary>Records the configured host version, so that one version of a map has one content whatever the settings were.</summary>
internal sealed class HostVersionSetting(IModuleEngine engine, ServerOptions options, ILogger<HostVersionSetting> logger)
{
    /// <summary>Changes the system scope where the setting differs from what is stored.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        if (options.HostVersion is not { } configured)
        {
            return;
        }

        var answer = await engine.ChangeAsync(
            new ChangeRequest { Scope = ScopeId.System, Command = new ScopeCommand.SetHostVersion(SemanticVersion.Parse(configured)), Actor = "configuration" },
            cancellationToken);
        if (answer is ChangeAnswer.Accepted)
        {
            StartupLog.HostVersionSet(logger, configured);
        }
    }
}
