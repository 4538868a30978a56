using System.ComponentModel.DataAnnotations;

namespace OrleansModules.Api.OpenFeature;

/// <summary>Settings of the evaluation protocol, from the section <c>Modules:OpenFeature</c>.</summary>
public sealed class OpenFeatureOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Modules:OpenFeature";

    /// <summary>Signs the addresses of event streams. Nodes behind one address need the same.</summary>
    /// <value>32 to 1,024 characters; keep it secret. Default none: one derived from the key of the tokens.</value>
    [StringLength(1024, MinimumLength = 32)]
    public string? StreamKey { get; set; }

    /// <summary>How long the address of an event stream is given out; it is valid for at least this and at most twice as long.</summary>
    /// <value>1 second to 1 day. Default 15 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan StreamLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Tells clients how long a page may be hidden before it closes its stream.</summary>
    /// <value>Whole seconds, 1 to 86,400. Default 120.</value>
    [Range(1, 86_400)]
    public int InactivityDelaySeconds { get; set; } = 120;
}
