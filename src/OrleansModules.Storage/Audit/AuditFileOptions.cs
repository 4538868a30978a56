using System.ComponentModel.DataAnnotations;

namespace OrleansModules.Storage.Audit;

/// <summary>Settings of <see cref="AuditFiles"/>.</summary>
public sealed class AuditFileOptions
{
    /// <summary>Where the trail is.</summary>
    /// <value>A path. Default <c>data/audit</c>.</value>
    /// <remarks>Created with the first entry. Belongs to the process that has the data directory.</remarks>
    [Required]
    public string Directory { get; set; } = "data/audit";

    /// <summary>Size from which a file is full and the next one is begun, in bytes.</summary>
    /// <value>4,096 (4 KiB) to 268,435,456 (256 MiB). Default 16 MiB.</value>
    [Range(4L << 10, 256L << 20)]
    public long SegmentBytes { get; set; } = 16L << 20;

    /// <summary>How many files are kept; the oldest is deleted when one more is begun.</summary>
    /// <value>2 to 10,000. Default 64.</value>
    [Range(2, 10_000)]
    public int MaxSegments { get; set; } = 64;
}
