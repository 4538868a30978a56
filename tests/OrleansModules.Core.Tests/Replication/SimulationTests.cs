using System.Collections.Concurrent;
using OrleansModules.Core.Tests.Replication.Simulation;

namespace OrleansModules.Core.Tests.Replication;

/// <summary>Seeded histories of three nodes on one record, with every kind of fault. A failure names its seed, which runs the very same history again.</summary>
public sealed class SimulationTests
{
    private static readonly FaultPlan[] Kinds =
    [
        new(),
        new() { HoldsAll = true },
        new() { Drop = 1, Crashes = false },
        new() { Drop = 0, Double = 1, Late = 0.9, LostReply = 0 },
        new() { Drop = 0.05, Late = 0.5, LostReply = 0.3, Freezes = false },
        new() { Restores = true },
        new() { Restores = true, HoldsAll = true, Crashes = false },
        new() { Drop = 0, Double = 0, Late = 0, LostReply = 0, Crashes = false, Freezes = false },
    ];

    [Theory]
    [Invariant("I1")]
    [Invariant("I2")]
    [Invariant("I3")]
    [Invariant("I4")]
    [Invariant("I5")]
    [Invariant("I6")]
    [Invariant("I7")]
    [Invariant("I8")]
    [Invariant("I10")]
    [Invariant("I11")]
    [Invariant("I12")]
    [Invariant("I14")]
    [Invariant("I19")]
    [Invariant("I20")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Histories_with_faults_lose_nothing_and_never_go_back(int kind) => Run(12_400, seed => new Cluster(seed, Kinds[kind]));

    [Theory]
    [Invariant("I9")]
    [InlineData(0)]
    [InlineData(4)]
    public void Maps_served_in_histories_with_faults_are_of_the_version_they_carry(int kind) => Run(1_000, seed => new Cluster(seed, Kinds[kind] with { WithModules = true }));

    private static void Run(int histories, Func<int, Cluster> make)
    {
        var failures = new ConcurrentBag<string>();
        Parallel.For(0, histories, (seed, loop) =>
        {
            try
            {
                make(seed).Run();
            }
            catch (Exception e)
            {
                failures.Add($"seed {seed}: {e}");
                loop.Stop();
            }
        });
        Assert.True(failures.IsEmpty, string.Join(Environment.NewLine, failures));
    }
}
