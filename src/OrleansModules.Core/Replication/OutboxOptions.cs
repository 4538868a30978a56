using System.ComponentModel.DataAnnotations;

namespace OrleansModules.Core.Replication;

/// <summary>Bounds of what a node keeps for another node that is slow to take it.</summary>
public sealed class OutboxOptions
{
    /// <summary>Changes of one scope that are sent one by one, 1 to 1,000; more are sent as the layer after the last.</summary>
    [Range(1, 1000)]
    public int MaxChanges { get; set; } = 32;

    /// <summary>Scopes that wait for one node, 1 to 1,000,000; beyond that the node is told to pull.</summary>
    [Range(1, 1_000_000)]
    public int MaxScopes { get; set; } = 10_000;

    /// <summary>The pause after the first failed push, 1 to 10,000 ms; doubles with each further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause after failed pushes, 1 to 60,000 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(1);
}
