using System.ComponentModel.DataAnnotations;

namespace OrleansModules.Api;

/// <summary>Settings of the HTTP side, from the section <c>Modules:Api</c>.</summary>
public sealed class ApiOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Modules:Api";

    /// <summary>The largest request body.</summary>
    /// <value>Bytes, 1 KiB to 64 MiB. Default 1 MiB.</value>
    [Range(1024, 64 << 20)]
    public int MaxBodyBytes { get; set; } = 1 << 20;

    /// <summary>How deep JSON in a request may nest.</summary>
    /// <value>4 to 32 (what is stored is wrapped a few levels deeper, and read back to a depth of 64). Default 32.</value>
    [Range(4, 32)]
    public int MaxJsonDepth { get; set; } = 32;

    /// <summary>Length of a page when the request does not say.</summary>
    /// <value>1 to 1,000. Default 100.</value>
    [Range(1, MaxPageSize)]
    public int DefaultPageSize { get; set; } = 100;

    /// <summary>How many workspaces one batch read may name.</summary>
    /// <value>1 to 10,000. Default 1,000.</value>
    [Range(1, 10_000)]
    public int MaxBatch { get; set; } = 1000;

    /// <summary>How long a read with <c>?atLeast=</c> waits for its version.</summary>
    /// <value>0 to 1 minute. Default 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan AtLeastPatience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a silent event stream says that it is alive.</summary>
    /// <value>10 ms to 5 minutes. Default 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many event streams may be open at once.</summary>
    /// <value>1 to 1,000,000. Default 20,000.</value>
    [Range(1, 1_000_000)]
    public int MaxEventStreams { get; set; } = 20_000;

    /// <summary>Origins whose pages may call the service.</summary>
    /// <value>As browsers send them, such as <c>https://app.example.com</c>, or <c>*</c>. Default none.</value>
    [AllowedOrigins]
    public string[] CorsOrigins { get; set; } = [];

    /// <summary>Memory for serialized answers; over it, those not used lately are dropped and made again when asked for.</summary>
    /// <value>Bytes, 1 MiB to 64 GiB. Default 256 MiB.</value>
    [Range(1L << 20, 64L << 30)]
    public long BodyCacheBytes { get; set; } = 256L << 20;

    /// <summary>Answers shorter than this are not compressed.</summary>
    /// <value>Bytes, 0 to 1 MiB. Default 512.</value>
    [Range(0, 1 << 20)]
    public int MinCompressBytes { get; set; } = 512;

    /// <summary>The longest page.</summary>
    internal const int MaxPageSize = 1000;
}
