using Microsoft.Extensions.Configuration;

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

    /// <summary>The section that the modules are shown under.</summary>
    /// <value>Default <c>Modules</c>.</value>
    public string Prefix { get; set; } = "Modules";

    /// <summary>How long loading waits for the first map.</summary>
    /// <value>Default 5 seconds.</value>
    public TimeSpan LoadPatience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a host starts without: values then appear, by a reload, when the service is there.</summary>
    /// <value>Default true. False: loading fails where nothing is known, not even on disk.</value>
    public bool IsOptional { get; set; } = true;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No scope was set.</exception>
    /// <exception cref="ArgumentException">Settings of the service are wrong; all that are, are named.</exception>
    public IConfigurationProvider Build(IConfigurationBuilder builder) => Scope.IsNone
        ? throw new InvalidOperationException($"{nameof(ModulesConfigurationSource)} needs a {nameof(Scope)}.")
        : new ModulesConfigurationProvider(this);
}
