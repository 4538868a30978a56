using System.ComponentModel.DataAnnotations;

namespace OrleansModules.Storage.Journal;

/// <summary>Settings of the journal.</summary>
public sealed class JournalOptions
{
    /// <summary>Where the journal is kept; created if it is not there. One process at a time.</summary>
    /// <value>Default <c>data</c> under the working directory.</value>
    [Required]
    public string DataDirectory { get; set; } = "data";

    /// <summary>When a segment file has this size, the next batch begins a new one.</summary>
    /// <value>Bytes, 4 KiB to 1 GiB. Default 64 MiB.</value>
    [Range(4096, 1L << 30)]
    public long SegmentBytes { get; set; } = 64L << 20;

    /// <summary>How much journal is written between two snapshots; a start replays at most about this much.</summary>
    /// <value>Bytes, 4 KiB to 1 GiB. Default 32 MiB.</value>
    [Range(4096, 1L << 30)]
    public long SnapshotEveryBytes { get; set; } = 32L << 20;

    /// <summary>How long an operation id is remembered, counted from its change.</summary>
    /// <value>1 minute to 30 days. Default 24 hours.</value>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan IdempotencyRetention { get; set; } = TimeSpan.FromHours(24);
}
