using System.Diagnostics;
using System.Globalization;
using Npgsql;
using OrleansModules.Bench.Http;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Bench.Postgres;

/// <summary>The cascade in SQL: what memory saves a host that would ask it at every request, and what one question saves over one for each module.</summary>
internal static class CascadeInSql
{
    private const double HttpTarget = 50;
    private const double WholeTarget = 5;
    private const int Modules = 100;
    private const int Connections = 32;
    private const int WarmUp = 2;
    private const int Questions = 10;
    private const string Schema = "sql";
    private const string Workspace = SampleServer.Overriding;

    /// <summary>Measures both.</summary>
    public static async Task RunAsync(Report report, PostgresServer server, NpgsqlDataSource source, int seconds, int rounds)
    {
        await using (var create = source.CreateCommand($"create schema {Schema}"))
        {
            await create.ExecuteNonQueryAsync();
        }

        var database = $"{server.ConnectionString()};Search Path={Schema};Max Auto Prepare=10;Auto Prepare Min Usages=2;Maximum Pool Size={Connections}";
        using var directory = new TemporaryDirectory();
        using var product = HttpProcess.Product(directory.Sub("data"), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Modules"] = database,
            ["Modules__Access__TokenKey"] = "token-key-of-the-benchmarks-with-32-or-more",
        });
        await product.ReadyAsync();
        await SampleServer.LoadAsync(product, Modules);
        using var asking = HttpProcess.Bare("asking", "--database", database, "--workspace", Workspace);
        await asking.ReadyAsync("/");
        await using var own = NpgsqlDataSource.Create(database);
        await using (var analyze = own.CreateCommand("vacuum analyze"))
        {
            await analyze.ExecuteNonQueryAsync();
        }

        report.Section(string.Create(CultureInfo.InvariantCulture, $"The map of {Modules} modules over HTTP, beside a host that asks resolve_all_modules_for_workspace at every request ({Connections} connections)"));
        var map = new Uri(product.Address, $"/api/platform/workspaces/{Workspace}/modules");
        await Wrk.RunAsync(map, [], WarmUp, Connections);
        await Wrk.RunAsync(asking.Address, [], WarmUp, Connections);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            ours.Add((await Wrk.RunAsync(map, [], seconds, Connections)).Rate);
            theirs.Add((await Wrk.RunAsync(asking.Address, [], seconds, Connections)).Rate);
        }

        report.Add(Row.Rate("whole map, three overrides", ours, theirs, "/s", HttpTarget));

        report.Section($"resolve_all_modules_for_workspace with {Modules} modules, beside resolve_module_config for each of them");
        await using var connection = await own.OpenConnectionAsync();
        await using var whole = new NpgsqlCommand($"select resolve_all_modules_for_workspace('{Workspace}')", connection);
        await using var single = new NpgsqlCommand($"select resolve_module_config('{Workspace}', module_name) from mgmt_cfg_sys_modules", connection);
        var (wholes, singles) = (new List<double>(), new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            var (first, second) = (await RateAsync(whole), await RateAsync(single));
            if (round > 0)
            {
                wholes.Add(first);
                singles.Add(second);
            }
        }

        report.Add(Row.Rate("whole maps", wholes, singles, "/s", WholeTarget));
    }

    /// <summary>How often in a second a question is answered, one after the other.</summary>
    private static async Task<double> RateAsync(NpgsqlCommand question)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Questions; i++)
        {
            await using var rows = await question.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                // Only read.
            }
        }

        return Questions / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
