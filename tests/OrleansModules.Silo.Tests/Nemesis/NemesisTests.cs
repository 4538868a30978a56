using OrleansModules.Silo.Tests.Processes;

namespace OrleansModules.Silo.Tests.Nemesis;

/// <summary>Clients write and read while silos and the database are killed, frozen and restarted; then the history is checked.</summary>
/// <remarks>Runs a minute; the environment variable <c>NEMESIS_SECONDS</c> makes it longer.</remarks>
public sealed class NemesisTests(SiloCluster cluster) : IClassFixture<SiloCluster>
{
    private const int Workspaces = 8;

    private static TimeSpan Duration => TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("NEMESIS_SECONDS"), out var seconds) ? seconds : 60);

    [Fact]
    [Invariant("I1")]
    [Invariant("I3")]
    [Invariant("I4")]
    [Invariant("I5")]
    [Invariant("I7")]
    [Invariant("I10")]
    public async Task History_under_faults_loses_nothing_never_goes_back_and_converges()
    {
        await cluster.FillAsync(Workspaces);
        using var stop = new CancellationTokenSource(Duration);
        var clients = new Clients(cluster, Workspaces);
        var work = Enumerable.Range(0, 4).Select(w => clients.WriteAsync(w, stop.Token)).Concat(Enumerable.Range(0, 3).Select(s => clients.ReadAsync(s, stop.Token))).ToList();
        var faults = new Faults(cluster, seed: 20_260_101);
        await faults.RunAsync(stop.Token);
        await Task.WhenAll(work);
        await faults.EndAsync();

        Assert.NotEmpty(clients.Acknowledged);
        await CheckRecordAsync(clients);
        await CheckConvergenceAsync();
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
        Assert.Empty(clients.WentBack);
    }

    private async Task CheckConvergenceAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < Workspaces; i++)
        {
            var revision = await cluster.Database.ScalarAsync<long>($"select revision from mgmt_cfg_workspaces where ws_id = 'w{i}'");
            for (var silo = 0; silo < 3; silo++)
            {
                while ((await cluster.ReadAsync(silo, $"workspaces/w{i}")).Workspace < revision)
                {
                    Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(1), $"Silo {silo} is behind on w{i} after 1 s.");
                }
            }
        }
    }
}
