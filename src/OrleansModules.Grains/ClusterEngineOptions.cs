namespace OrleansModules.Grains;

/// <summary>How silos hold scopes and how they leave.</summary>
public sealed class ClusterEngineOptions
{
    /// <summary>Whether every silo holds every scope. Otherwise it loads what is asked of it, and a first read waits for the record.</summary>
    public bool HoldAll { get; set; } = true;

    /// <summary>How long a silo that leaves goes on serving while it says that it is not ready.</summary>
    public TimeSpan DrainDelay { get; set; }
}
