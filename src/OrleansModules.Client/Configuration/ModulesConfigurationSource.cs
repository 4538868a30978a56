using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace OrleansModules.Client.Configuration;

/// <summary>Says whose modules a host's configuration is to show, and where.</summary>
public sealed class ModulesConfigurationSource : IConfigurationSource
{
    /// <summary>Settings of a client that the provider makes and ends for itself. Not used where <see cref="Client"/> is set.</summary>
    public ModulesClientOptions Service { get; } = new();

    /// <summary>A client to share, which stays the caller's.</summary>
    public ModulesClient? Client { get; set; }

    /// <summary>The scope. Required.</summary>
    public ModuleScope Scope { get; set; }

    /// <summary>Names of the modules to show.</summary>
    /// <value>Default empty: all.</value>
    public IList<string> Modules { get; } = [];

    /// <summary>Takes the log of the provider's own client, which says why values do not appear. Not used where <see cref="Client"/> is set.</summary>
    /// <value>Default none: nothing is logged. The host has no log yet when its configuration is built: give one of its own, <c>LoggerFactory.Create(l => l.AddConsole())</c>. It stays the caller's.</value>
    public ILoggerFactory? Loggers { get; set; }

    /// <summary>The section that the modules are shown under.</summary>
    /// <value>A path of one or more keys with ':' between them. Default <c>Modules</c>.</value>
    public string Prefix { get; set; } = "Modules";

    /// <summary>How long loading waits for the first map.</summary>
    /// <value>0 to 5 minutes. Default 5 seconds.</value>
    public TimeSpan LoadPatience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a host starts without: values then appear, by a reload, when the service is there.</summary>
    /// <value>Default true. False: loading fails where nothing is known, not even on disk.</value>
    public bool IsOptional { get; set; } = true;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Settings are wrong; all that are, are named.</exception>
    public IConfigurationProvider Build(IConfigurationBuilder builder) => Faults().ToArray() is { Length: > 0 } faults
        ? throw new InvalidOperationException($"{nameof(ModulesConfigurationSource)}: {string.Join("; ", faults)}")
        : new ModulesConfigurationProvider(this);

    private IEnumerable<string> Faults()
    {
        if (Scope.IsNone)
        {
            yield return $"{nameof(Scope)} is required";
        }

        if (LoadPatience < TimeSpan.Zero || LoadPatience > TimeSpan.FromMinutes(5))
        {
            yield return $"{nameof(LoadPatience)} must be 00:00:00 to 00:05:00, got {LoadPatience:c}";
        }

        if (Prefix.Split(ConfigurationPath.KeyDelimiter).Any(string.IsNullOrWhiteSpace))
        {
            yield return $"{nameof(Prefix)} must be one or more keys with '{ConfigurationPath.KeyDelimiter}' between them, got '{Prefix}'";
        }

        foreach (var fault in Client is null ? Service.Faults() : [])
        {
            yield return $"{nameof(Service)}.{fault}";
        }
    }
}
