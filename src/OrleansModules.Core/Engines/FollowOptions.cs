using System.ComponentModel.DataAnnotations;

namespace OrleansModules.Core.Engines;

/// <summary>How a node follows changes that other processes made.</summary>
public sealed class FollowOptions
{
    /// <summary>How long at most until the node looks for changes again, 10 to 10,000 ms; hints make it faster.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>For how long what is in memory counts as fresh without the record saying so, 1 to 600 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan FreshnessLease { get; set; } = TimeSpan.FromSeconds(5);
}
