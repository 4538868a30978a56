using System.ComponentModel.DataAnnotations;

namespace OrleansModules.Core.Usage;

/// <summary>Settings of usage, from the section <c>Modules:Usage</c>.</summary>
public sealed class UsageOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Modules:Usage";

    /// <summary>Events that wait in memory at most; while the store is away, those beyond are lost and counted.</summary>
    /// <value>1 to 1,000,000. Default 50,000.</value>
    [Range(1, 1_000_000)]
    public int Capacity { get; set; } = 50_000;

    /// <summary>Events in one request.</summary>
    /// <value>1 to 10,000. Default 1,000.</value>
    [Range(1, 10_000)]
    public int MaxBatch { get; set; } = 1000;

    /// <summary>How old an event may be when it is reported. So many days are summed up again at start.</summary>
    /// <value>1 to 366 days. Default 31 days.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "366.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(31);

    /// <summary>How often days are summed up.</summary>
    /// <value>1 second to 1 day. Default 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RollUpInterval { get; set; } = TimeSpan.FromHours(1);
}
