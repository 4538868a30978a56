using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansModules.Bench.Changes;
using OrleansModules.Bench.Data;
using OrleansModules.Bench.Reporting;
using OrleansModules.Core.Tree;
using OrleansModules.Storage.Postgres;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Bench.Postgres;

/// <summary>The PostgreSQL store beside what the same server does with the least work.</summary>
internal static class PostgresScenario
{
    private const double Target = 0.6;
    private const int Modules = 100;
    private const int Orgs = 100;
    private const int SeenChanges = 500;

    // Everything that is loaded, as the database keeps it.
    private static readonly string[] Tables = ["mgmt_cfg_orgs", "mgmt_cfg_workspaces", "mgmt_cfg_org_modules", "mgmt_cfg_ws_modules"];

    /// <summary>Runs product and yardsticks in turn.</summary>
    public static async Task RunAsync(BenchArgs args, Report report)
    {
        var duration = TimeSpan.FromSeconds(args.Number("--seconds", 5));
        var rounds = args.Number("--rounds", 5);
        var callers = args.Number("--callers", 8);
        var workspaces = args.Number("--workspaces", 100_000);
        var only = args.Text("--only");
        args.RefuseOthers();

        using var server = PostgresServer.Start("fsync=on", "shared_buffers=256MB", "max_wal_size=4GB");
        await using var source = NpgsqlDataSource.Create(server.ConnectionString());
        report.Note($"A PostgreSQL server of the benchmark's own on the same machine, flushing to the disk; medians of {rounds} rounds, product and yardstick in turn.");
        if (only is null or "changes")
        {
            await ChangesAsync(report, server, source, callers, duration, rounds);
        }

        if (only is null or "load")
        {
            await LoadAsync(report, server, source, workspaces, rounds);
        }

        if (only is null or "seen")
        {
            await ExecuteAsync(source, "create schema seen");
            await SeenElsewhere.RunAsync(report, async () => await OpenInAsync(server, "seen"), source, SeenChanges);
        }

        if (only is null or "sql")
        {
            await CascadeInSql.RunAsync(report, server, source, (int)duration.TotalSeconds, rounds);
        }
    }

    private static async Task ChangesAsync(Report report, PostgresServer server, NpgsqlDataSource source, int callers, TimeSpan duration, int rounds)
    {
        report.Section("Durable changes per second, through the engine, beside pgbench with a bare compare-and-set and an insert");
        await using var changes = await ProductChanges.FillAsync(await OpenAsync(server, source, "changes"), callers);
        await ChangeLoad.RunAsync(changes, callers, TimeSpan.FromSeconds(2));
        var (ours, bare) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            ours.Add(await ChangeLoad.RunAsync(changes, callers, duration));
            bare.Add(await PgBench.RunAsync(server, source, callers, (int)duration.TotalSeconds));
        }

        report.Add(Row.Rate($"{callers} callers", ours, bare, "/s", Target));
    }

    private static async Task LoadAsync(Report report, PostgresServer server, NpgsqlDataSource source, int workspaces, int rounds)
    {
        report.Section($"Loading {workspaces:N0} workspaces with {SampleScopes.OverridesEach} overrides each, beside COPY out of the same tables");
        await using var store = await OpenAsync(server, source, "load");
        var filled = Stopwatch.GetTimestamp();
        await SampleStore.FillAsync(store, new SampleScopes(uuids: true), Modules, Orgs, workspaces, _ => true);
        report.Add(Row.Only("changes per second while filling, 256 callers", Figures.With(workspaces * 2 / Stopwatch.GetElapsedTime(filled).TotalSeconds, "/s", "N0")));
        await ExecuteAsync(source, "vacuum analyze");

        var (ours, copied, rows) = (new List<double>(), new List<double>(), 0L);
        for (var round = 0; round < rounds; round++)
        {
            ours.Add(await TimeAsync(async () => rows = await LoadAsync(store)));
            copied.Add(await TimeAsync(() => CopyAsync(source)));
        }

        report.Add(Row.Rate("rows", rows / Figures.Median(ours), rows / Figures.Median(copied), "/s", null));
        report.Add(Row.Only("all of them", Figures.With(Figures.Median(ours), "s", "N2")));
    }

    private static async Task<PostgresScopeStore> OpenAsync(PostgresServer server, NpgsqlDataSource source, string schema)
    {
        await ExecuteAsync(source, $"create schema {schema}");
        return await OpenInAsync(server, schema);
    }

    private static async Task<PostgresScopeStore> OpenInAsync(PostgresServer server, string schema)
    {
        var options = new PostgresOptions { ConnectionString = $"{server.ConnectionString()};Search Path={schema}" };
        return await PostgresScopeStore.OpenAsync(options, TimeProvider.System, NullLogger<PostgresScopeStore>.Instance, CancellationToken.None);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> LoadAsync(PostgresScopeStore store)
    {
        var tree = new ModuleTree();
        var rows = 0L;
        await foreach (var (scope, layer) in store.LoadAllAsync(CancellationToken.None))
        {
            tree.Apply(scope, layer);
            rows += 1 + ((layer as Core.Cascade.ScopeLayer)?.Overrides.Length ?? 0);
        }

        return rows;
    }

    private static async Task CopyAsync(NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        var buffer = new char[1 << 16];
        foreach (var table in Tables)
        {
            using var reader = await connection.BeginTextExportAsync($"copy load.{table} to stdout");
            while (await reader.ReadAsync(buffer) > 0)
            {
                // Only read.
            }
        }
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
