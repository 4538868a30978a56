namespace OrleansModules.Grains;

/// <summary>How silos hold scopes.</summary>
public sealed class ClusterEngineOptions
{
    /// <summary>Whether every silo holds every scope. Otherwise it loads what is asked of it, and a first read waits for the record.</summary>
    public bool HoldAll { get; set; } = true;
}
