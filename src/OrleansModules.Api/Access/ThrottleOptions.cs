using System.ComponentModel.DataAnnotations;

namespace OrleansModules.Api.Access;

/// <summary>Settings of rate limits, from the section <c>Modules:Access:Limits</c>. Each server counts for itself.</summary>
public sealed class ThrottleOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = $"{AccessOptions.Section}:Limits";

    /// <summary>How many bad credentials a client address may send in a minute.</summary>
    /// <value>1 to 100,000. Default 60. A credential that was accepted before is not held up.</value>
    [Range(1, 100_000)]
    public int FailedSignInsPerMinute { get; set; } = 60;

    /// <summary>How many requests a second one token or person may make.</summary>
    /// <value>0 to 10,000,000; 0 sets no limit. Default 0.</value>
    [Range(0, 10_000_000)]
    public int RequestsPerSecond { get; set; }

    /// <summary>How many requests one token or person may make at once, before the limit per second counts.</summary>
    /// <value>1 to 10,000,000. Default 1,000.</value>
    [Range(1, 10_000_000)]
    public int RequestBurst { get; set; } = 1000;
}
