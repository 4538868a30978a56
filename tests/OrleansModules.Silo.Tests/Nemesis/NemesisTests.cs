using OrleansModules.Silo.Tests.Processes;
using Xunit.Abstractions;

namespace OrleansModules.Silo.Tests.Nemesis;

/// <summary>Clients write and read while silos and the database are killed, frozen and restarted, and silos cut off from each other; then the history is checked.</summary>
/// <remarks>Runs a minute; the environment variable <c>NEMESIS_SECONDS</c> makes it longer.</remarks>
public sealed class NemesisTests(SiloCluster cluster, ITestOutputHelper output) : IClassFixture<SiloCluster>
{
    private const int Workspaces = 8;

    private static readonly TimeSpan Converged = TimeSpan.FromSeconds(1);

    private static TimeSpan Duration => TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("NEMESIS_SECONDS"), out var seconds) ? seconds : 60);

    [Fact]
    [Invariant("I1")]
    [Invariant("I3")]
    [Invariant("I4")]
    [Invariant("I5")]
    [Invariant("I7")]
    [Invariant("I10")]
    [Invariant("I15")]
    public async Task History_under_faults_loses_nothing_never_goes_back_and_converges()
    {
        await cluster.FillAsync(Workspaces);
        using var stop = new CancellationTokenSource(Duration);
        var disturbances = new Disturbances();
        var clients = new Clients(cluster, disturbances, Workspaces);
        var work = Enumerable.Range(0, 4).Select(w => clients.WriteAsync(w, stop.Token)).Concat(Enumerable.Range(0, 3).Select(s => clients.ReadAsync(s, stop.Token))).ToList();
        var faults = new Faults(cluster, disturbances, seed: 20_260_101);
        await faults.RunAsync(stop.Token);
        await Task.WhenAll(work);
        await faults.EndAsync();
        var converged = await CheckConvergenceAsync();
        output.WriteLine($"{Duration.TotalSeconds} s: {faults.Made}; {clients.Acknowledged.Count} changes acknowledged, {clients.Reads} reads answered, {clients.FailedReads.Count} not; all silos equal to the record after {converged.TotalMilliseconds:N0} ms");

        Assert.NotEmpty(clients.Acknowledged);
        Assert.NotEqual(0, clients.Reads);
        Assert.Empty(clients.FailedReads);
        Assert.Empty(clients.WentBack);
        await CheckRecordAsync(clients);
    }

    private async Task CheckRecordAsync(Clients clients)
    {
        var lost = new List<string>();
        foreach (var operation in clients.Acknowledged)
        {
            if (await cluster.Database.ScalarAsync<long>($"select count(*) from mgmt_log_changes where operation_id like '%{operation}%'") != 1)
            {
                lost.Add(operation);
            }
        }

        Assert.Empty(lost);
        Assert.Equal(0L, await cluster.Database.ScalarAsync<long>("select (select head from mgmt_cfg_feed) - count(*) from mgmt_log_changes"));
        Assert.Equal(0L, await cluster.Database.ScalarAsync<long>("select count(*) from (select count(*) c, max(revision) m from mgmt_log_changes group by scope_kind, scope_id) s where c <> m"));
    }

    private async Task<TimeSpan> CheckConvergenceAsync()
    {
        var revisions = await Task.WhenAll(Enumerable.Range(0, Workspaces).Select(i => cluster.Database.ScalarAsync<long>($"select revision from mgmt_cfg_workspaces where ws_id = 'w{i}'")));
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(cluster.Silos.SelectMany(silo => revisions.Select((revision, i) => Eventually.TrueAsync(
            async () => (await SiloCluster.ReadAsync(silo, $"workspaces/w{i}")).Workspace >= revision, Converged))));
        return TimeProvider.System.GetElapsedTime(started);
    }
}
