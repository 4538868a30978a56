using System.Text.Json;
using OrleansModules.Silo.Tests.Processes;

namespace OrleansModules.Silo.Tests;

/// <summary>What users of a cluster see, with real processes.</summary>
public sealed class SiloTests(SiloCluster cluster) : IClassFixture<SiloCluster>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static object Limit(int limit) => new { configOverrides = new { limit } };

    [Fact]
    [Invariant("I8")]
    public async Task Write_on_one_silo_is_read_on_the_others_with_its_version()
    {
        await cluster.FillAsync(1);
        for (var round = 1; round <= 20; round++)
        {
            var written = await cluster.ChangeAsync(round % 3, "workspaces/w0/modules/kb", Limit(round));
            var read = await cluster.ReadAsync((round + 1) % 3, "workspaces/w0", $"?atLeast={written}");
            Assert.True(read.IsAtLeast(written!.Value), $"{written} was written, {read} read");
        }
    }

    [Fact]
    [Invariant("I1")]
    [Invariant("I15")]
    public async Task Killed_silo_loses_no_write_and_no_read_elsewhere()
    {
        await cluster.FillAsync(12);
        using var stop = new CancellationTokenSource();
        var reads = Task.Run(async () =>
        {
            var count = 0;
            for (; !stop.IsCancellationRequested; count++)
            {
                await cluster.ReadAsync(count % 2, "workspaces/w1");
            }

            return count;
        });
        cluster.Silos[2].Kill();
        for (var i = 0; i < 12; i++)
        {
            Assert.NotNull(await TryUntilAcceptedAsync(i % 2, $"workspaces/w{i}/modules/kb", Limit(100 + i), $"kill-{i}"));
        }

        await stop.CancelAsync();
        Assert.True(await reads > 0);
        Assert.Equal(12L, await cluster.Database.ScalarAsync<long>("select count(distinct operation_id) from mgmt_log_changes where operation_id like '%kill-%'"));
        await cluster.RestartAsync(2);
    }

    [Fact]
    public async Task Silo_asked_to_leave_says_that_it_is_not_ready_then_ends_well_and_the_others_go_on()
    {
        await cluster.FillAsync(3);
        Assert.Equal(0, await cluster.Silos[2].StopAsync());
        for (var i = 0; i < 3; i++)
        {
            Assert.NotNull(await TryUntilAcceptedAsync(0, $"workspaces/w{i}/modules/kb", Limit(200 + i), $"leave-{i}"));
        }

        await cluster.RestartAsync(2);
        Assert.Equal(await cluster.ReadAsync(0, "workspaces/w2"), await cluster.ReadAsync(2, "workspaces/w2"));
    }

    [Fact]
    [Invariant("I15")]
    public async Task Database_that_crashes_leaves_reads_and_writes_come_back_with_it()
    {
        await cluster.FillAsync(1);
        cluster.Server.Stop(immediate: true);
        try
        {
            for (var silo = 0; silo < 3; silo++)
            {
                await cluster.ReadAsync(silo, "workspaces/w0");
            }

            Assert.Null(await cluster.ChangeAsync(0, "workspaces/w0/modules/kb", Limit(1)));
        }
        finally
        {
            cluster.Server.StartAgain();
        }

        var written = await TryUntilAcceptedAsync(1, "workspaces/w0/modules/kb", Limit(2), "after-crash");
        for (var silo = 0; silo < 3; silo++)
        {
            Assert.True((await cluster.ReadAsync(silo, "workspaces/w0", $"?atLeast={written}")).IsAtLeast(written!.Value));
            Assert.False(cluster.Silos[silo].HasExited, cluster.Silos[silo].Output);
        }
    }

    [Fact]
    public async Task Cluster_names_its_silos_and_how_far_they_are()
    {
        using var document = JsonDocument.Parse(await cluster.Silos[0].Client.GetStringAsync(new Uri("/api/platform/cluster", UriKind.Relative)));
        var active = document.RootElement.GetProperty("silos").EnumerateArray().Where(s => s.GetProperty("membership").ValueEquals("Active")).ToList();
        Assert.Equal(3, active.Count);
        Assert.Single(active.Select(s => s.GetProperty("status").GetProperty("position").GetInt64()).Distinct());
    }

    [Fact]
    [Invariant("I14")]
    public async Task Frozen_silo_delays_neither_answers_nor_the_other_silos()
    {
        var soon = TimeSpan.FromSeconds(1);
        await cluster.FillAsync(12);
        cluster.Silos[2].Freeze();
        var changes = Enumerable.Range(0, 12).Select(i => cluster.ChangeAsync(0, $"workspaces/w{i}/modules/kb", Limit(300 + i))).ToList();
        try
        {
            // Those of grains on the frozen silo wait for it.
            await Task.WhenAny(Task.WhenAll(changes), Task.Delay(soon, TimeProvider.System));
            var answered = Enumerable.Range(0, 12).Where(i => changes[i].IsCompletedSuccessfully).ToList();
            Assert.NotEmpty(answered);
            var started = TimeProvider.System.GetTimestamp();
            foreach (var i in answered)
            {
                while (!(await cluster.ReadAsync(1, $"workspaces/w{i}")).IsAtLeast((await changes[i])!.Value))
                {
                    Assert.True(TimeProvider.System.GetElapsedTime(started) < soon, $"Silo 1 does not have the change of w{i}.");
                }
            }
        }
        finally
        {
            cluster.Silos[2].Thaw();
        }

        await Task.WhenAll(changes);
    }

    private async Task<Core.Scopes.MapVersion?> TryUntilAcceptedAsync(int silo, string path, object body, string operation)
    {
        Core.Scopes.MapVersion? version = null;
        await Eventually.TrueAsync(async () => (version = await cluster.TryChangeAsync(silo, path, body, operation)) is not null, Patience);
        return version;
    }
}
