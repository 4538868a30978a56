namespace OrleansModules.Core.Tests.Replication.Simulation;

/// <summary>How much goes wrong in one history. Probabilities are per event.</summary>
internal sealed record FaultPlan
{
    public double Drop { get; init; } = 0.2;

    public double Double { get; init; } = 0.1;

    public double Late { get; init; } = 0.2;

    public double LostReply { get; init; } = 0.1;

    public bool Crashes { get; init; } = true;

    public bool Freezes { get; init; } = true;

    public bool Restores { get; init; }

    public bool HoldsAll { get; init; }

    public bool WithModules { get; init; }
}
