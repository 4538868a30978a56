using Microsoft.Extensions.Logging.Abstractions;
using OrleansModules.Bench.Data;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;
using OrleansModules.Storage.Postgres;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Bench.Cluster;

/// <summary>What a cluster of silos costs and gives: reads beside the server of one process, changes that reach every silo, a silo that is killed.</summary>
internal static class ClusterScenario
{
    private const int Silos = 3;
    private const int Modules = 20;

    /// <summary>Runs every part.</summary>
    public static async Task RunAsync(BenchArgs args, Report report)
    {
        var rounds = args.Number("--rounds", 5);
        var seconds = args.Number("--seconds", 5);
        var changes = args.Number("--changes", 300);
        var workspaces = args.Number("--workspaces", 10_000);
        var largest = args.Number("--largest", 100_000);
        var only = args.Text("--only");
        args.RefuseOthers();
        _ = (Programs.Silo, Programs.Wrk);

        using var server = PostgresServer.Start("fsync=on", "shared_buffers=256MB", "max_wal_size=4GB", "max_connections=200");
        report.Note("Silos are processes on this machine with a PostgreSQL server of the benchmark's own, flushing to the disk; clients run on the same cores.");
        if (only is null or "hot")
        {
            await HotReads.RunAsync(report, server, seconds, rounds);
        }

        if (only is null or "visible")
        {
            using var cluster = await StartAsync(server, "visible", Silos, workspaces);
            await Visibility.RunAsync(report, cluster, workspaces, changes);
        }

        if (only is null or "kill")
        {
            using var cluster = await StartAsync(server, "kill", Silos, KilledSilo.Workspaces);
            await KilledSilo.RunAsync(report, cluster, rounds);
        }

        if (only is null or "fanout")
        {
            report.Section($"What a change of the system costs, {changes} changes each");
            FanOutCost? first = null;
            foreach (var (silos, size) in ((int, int)[])[(Silos - 1, Math.Max(1, largest / 100)), (Silos, Math.Max(1, largest / 100)), (Silos, Math.Max(1, largest / 10)), (Silos, largest)])
            {
                using var cluster = await StartAsync(server, $"fanout_{silos}_{size}", silos, size);
                var cost = await FanOutCost.MeasureAsync(cluster, size, changes);
                first = silos == Silos ? first ?? cost : null;
                cost.Report(report, first);
            }

            report.Note("Every workspace was read on every silo before. Changes are made one after another, in turn on all silos. Processor time is that of all silos together, less what the same silos take in as long a time without changes. The yardstick is the same number of silos with the fewest workspaces.");
        }
    }

    /// <summary>The ids of the workspaces that a cluster was filled with.</summary>
    public static SampleScopes Scopes { get; } = new(uuids: true);

    /// <summary>The module that changes of the system turn on and off; no other requires it.</summary>
    public static string Switched { get; } = SampleModules.Name(Modules - 1);

    private static Task<BenchCluster> StartAsync(PostgresServer server, string name, int silos, int workspaces) => BenchCluster.StartAsync(server, name, silos, async connection =>
    {
        var options = new PostgresOptions { ConnectionString = connection };
        await using var store = await PostgresScopeStore.OpenAsync(options, TimeProvider.System, NullLogger<PostgresScopeStore>.Instance, CancellationToken.None);
        await SampleStore.FillAsync(store, Scopes, Modules, Math.Min(100, workspaces), workspaces, w => w % 10 == 0);
    });
}
