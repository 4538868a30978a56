using System.ComponentModel.DataAnnotations;

namespace OrleansModules.Api.Access;

/// <summary>Settings of access, from the section <c>Modules:Access</c>.</summary>
public sealed class AccessOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Modules:Access";

    /// <summary>The key that hashes of API tokens are made with.</summary>
    /// <value>32 to 1,000 characters. Default none: a key is made and kept in the data directory.</value>
    /// <remarks>Whoever changes it ends every API token. Every node of a cluster needs the same.</remarks>
    [StringLength(1000, MinimumLength = AccessSecrets.MinKeyBytes)]
    public string? TokenKey { get; set; }

    /// <summary>How long an accepted token of the identity provider is remembered before it is verified again.</summary>
    /// <value>0 to 10 minutes. Default 1 minute. It is never remembered beyond its own end.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan VerifiedFor { get; set; } = TimeSpan.FromMinutes(1);
}
