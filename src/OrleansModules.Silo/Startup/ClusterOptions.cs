using System.ComponentModel.DataAnnotations;

namespace OrleansModules.Silo.Startup;

/// <summary>Settings of a silo, from the section <c>Modules:Cluster</c>.</summary>
public sealed class ClusterOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Modules:Cluster";

    /// <summary>Silos with the same id on the same database are one cluster. Take a new one after the database was restored.</summary>
    [Required, RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    public string ClusterId { get; set; } = "modules";

    /// <summary>Names the service over the life of its clusters.</summary>
    [Required, RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    public string ServiceId { get; set; } = "modules";

    /// <summary>The IP address, or a name that has one, at which other silos reach this one.</summary>
    /// <value>Default: the loopback address, for silos on one computer.</value>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port for other silos, 1 to 65535. Let nobody else reach it: silos trust each other.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 11111;

    /// <summary>The port that this silo opens, 1 to 65535, where others reach it at another, as behind a mapping of ports.</summary>
    /// <value>Default: <see cref="Port"/>.</value>
    [Range(1, 65535)]
    public int? ListenPort { get; set; }

    /// <summary>Whether every silo holds every scope in memory. Otherwise it loads a scope when it is first asked for.</summary>
    public bool HoldAll { get; set; } = true;

    /// <summary>How many workspaces a silo holds where <see cref="HoldAll"/> is false, 1,000 to 10,000,000; those read longest ago go first.</summary>
    [Range(1_000, 10_000_000)]
    public int HotWorkspaces { get; set; } = 100_000;

    /// <summary>Whether reading an organization or workspace makes its grain active. Answers are the same either way.</summary>
    public bool ActivateOnRead { get; set; }

    /// <summary>How long a silo waits for the answer to a probe of another, 100 ms to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:10")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Probes in a row without an answer after which a silo is suspected, 2 to 10.</summary>
    [Range(2, 10)]
    public int MissedProbes { get; set; } = 3;

    /// <summary>How long a silo that leaves goes on serving while it says that it is not ready, 0 to 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(5);
}
