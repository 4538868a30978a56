using System.ComponentModel.DataAnnotations;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>Settings of a <see cref="JournalStore"/>.</summary>
public sealed class JournalOptions
{
    private const long Low = 4L << 10;
    private const long High = 1L << 30;
    private const int HighDays = 30;

    /// <summary>Where the journal is.</summary>
    /// <value>A path, absolute or under the working directory. Default <c>data</c>.</value>
    /// <remarks>Created when absent. One process at a time; belongs on a local disk, where a flush means what it says.</remarks>
    [Required]
    public string DataDirectory { get; set; } = "data";

    /// <summary>Size from which a segment is full and the next one is begun, in bytes.</summary>
    /// <value>4,096 (4 KiB) to 1,073,741,824 (1 GiB). Default 64 MiB.</value>
    /// <remarks>A segment may become larger by the changes that were committed together when it filled up.</remarks>
    [Range(Low, High)]
    public long SegmentBytes { get; set; } = 64L << 20;

    /// <summary>How much journal may grow after a snapshot before the next one is made, in bytes.</summary>
    /// <value>4,096 (4 KiB) to 1,073,741,824 (1 GiB). Default 32 MiB.</value>
    /// <remarks>Smaller means a faster start and more writing; a snapshot is about as large as all layers as JSON.</remarks>
    [Range(Low, High)]
    public long SnapshotEveryBytes { get; set; } = 32L << 20;

    /// <summary>How long an operation id is remembered after the time of its change.</summary>
    /// <value>1 minute to 30 days. Default 24 hours.</value>
    /// <remarks>All remembered ids are in memory, about 150 bytes each. A longer time applies to changes of the past only after they were read again, at start.</remarks>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan IdempotencyRetention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Checks every setting.</summary>
    /// <exception cref="StoreException">Of <see cref="StoreFailure.Misconfigured"/>, naming every setting that is out of its range.</exception>
    internal void Validate()
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(DataDirectory))
        {
            faults.Add($"{nameof(DataDirectory)} is empty");
        }

        if (SegmentBytes is < Low or > High)
        {
            faults.Add($"{nameof(SegmentBytes)} is {SegmentBytes}, expected {Low} to {High}");
        }

        if (SnapshotEveryBytes is < Low or > High)
        {
            faults.Add($"{nameof(SnapshotEveryBytes)} is {SnapshotEveryBytes}, expected {Low} to {High}");
        }

        if (IdempotencyRetention < TimeSpan.FromMinutes(1) || IdempotencyRetention > TimeSpan.FromDays(HighDays))
        {
            faults.Add($"{nameof(IdempotencyRetention)} is {IdempotencyRetention}, expected 1 minute to 30 days");
        }

        if (faults.Count > 0)
        {
            throw new StoreException(StoreFailure.Misconfigured, $"Journal settings: {string.Join("; ", faults)}.");
        }
    }
}
