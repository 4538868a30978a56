namespace OrleansModules.Grains;

/// <summary>How silos hold scopes and how they leave.</summary>
public sealed class ClusterEngineOptions
{
    /// <summary>Whether every silo holds every scope. Otherwise it loads what is asked of it, and a first read waits for the record.</summary>
    public bool HoldAll { get; set; } = true;

    /// <summary>How many workspaces a silo holds where it does not hold every scope; those read longest ago go first.</summary>
    public int HotWorkspaces { get; set; } = 100_000;

    /// <summary>Whether reading an organization or workspace makes its grain active. Answers come from the silo's replica either way.</summary>
    public bool ActivateOnRead { get; set; }

    /// <summary>How long a silo that leaves goes on serving while it says that it is not ready.</summary>
    public TimeSpan DrainDelay { get; set; }
}
