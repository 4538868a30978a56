using NuGet.Versioning;
using OrleansModules.Api.Access;

namespace OrleansModules.Server.Startup;

/// <summary>Settings of the server, from the section <c>Modules</c>.</summary>
public sealed class ServerOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Modules";

    /// <summary>Where the journal is kept.</summary>
    /// <value>A directory that can be created and written. Default: <c>data</c> under the working directory.</value>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Whether to load demo data at start.</summary>
    /// <value>Default false.</value>
    /// <remarks>Loaded only where nothing was ever stored, so it never overwrites anything.</remarks>
    public bool Demo { get; set; }

    /// <summary>Whether the example shell is served at <c>/example</c>.</summary>
    /// <value>Default: only where the environment is <c>Development</c>, as it is with <c>dotnet run</c>.</value>
    public bool? Example { get; set; }

    /// <summary>The version of the host application that modules must be compatible with.</summary>
    /// <value>A SemVer version. Default: not set, which leaves what is stored.</value>
    /// <remarks>A value other than the stored one is recorded as a change of the system scope at start.</remarks>
    public string? HostVersion { get; set; }

    /// <summary>A token that opens everything, for the first administrator.</summary>
    /// <value>24 to 1,000 letters, digits and signs without spaces. Default: none; where nobody could sign in otherwise, a token is made and printed.</value>
    /// <remarks>Counts for as long as it is configured, and is stored nowhere.</remarks>
    public string? BootstrapToken { get; set; }

    /// <summary>Everything that is wrong with the settings, each with its name.</summary>
    internal IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(DataDirectory))
        {
            yield return $"{Section}:{nameof(DataDirectory)} must name a directory";
        }

        if (BootstrapToken is { } token && (token.Length is < AccessSecrets.MinBootstrapLength or > 1000 || token.Any(c => c is <= ' ' or > '~')))
        {
            yield return $"{Section}:{nameof(BootstrapToken)} must have {AccessSecrets.MinBootstrapLength} to 1000 characters of ASCII without spaces";
        }

        if (HostVersion is not null && !SemanticVersion.TryParse(HostVersion, out _))
        {
            yield return $"{Section}:{nameof(HostVersion)} must be a SemVer version such as 1.2.3, got '{HostVersion}'";
        }
    }
}
