using OrleansModules.Bench;
using OrleansModules.Bench.Access;
using OrleansModules.Bench.Changes;
using OrleansModules.Bench.Client;
using OrleansModules.Bench.Cluster;
using OrleansModules.Bench.Http;
using OrleansModules.Bench.Postgres;
using OrleansModules.Bench.OpenFeature;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;
using OrleansModules.Bench.Start;
using OrleansModules.Bench.Streams;
using OrleansModules.Bench.Tree;

const string Usage = """
    Usage: dotnet run -c Release --project bench/OrleansModules.Bench -- <scenario> [arguments]
    Scenarios: tree, http, changes, streams, start, postgres, ofrep, ofrep-events, client, access, cluster. See bench/README.md.
    """;

var given = new BenchArgs(args);
try
{
    Func<BenchArgs, Task>? yardstick = given.Scenario switch
    {
        "bare" => BareServer.RunAsync,
        "bare-streams" => BareStreams.RunAsync,
        "asking" => AskingServer.RunAsync,
        GateServer.Scenario => GateServer.RunAsync,
        _ => null,
    };
    if (yardstick is not null)
    {
        await yardstick(given);
        return 0;
    }

    Func<BenchArgs, Report, Task>? scenario = given.Scenario switch
    {
        "tree" => TreeScenario.RunAsync,
        "http" => HttpScenario.RunAsync,
        "changes" => ChangesScenario.RunAsync,
        "streams" => StreamsScenario.RunAsync,
        "start" => StartScenario.RunAsync,
        "postgres" => PostgresScenario.RunAsync,
        "ofrep" => EvaluationScenario.RunAsync,
        "ofrep-events" => FlagEventScenario.RunAsync,
        "client" => ClientScenario.RunAsync,
        "access" => AccessScenario.RunAsync,
        "cluster" => ClusterScenario.RunAsync,
        _ => null,
    };
    if (scenario is null)
    {
        await Console.Error.WriteLineAsync(Usage);
        return 2;
    }

    using var leftovers = Leftovers.Watch();
    var printOnly = given.Has("--print-only") || given.Has("--only");
    var report = new Report(given.Scenario, given.Command);
    await scenario(given, report);
    if (!printOnly)
    {
        await report.WriteAsync();
    }

    return 0;
}
catch (BenchException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
