using OrleansModules.Bench;
using OrleansModules.Bench.Http;
using OrleansModules.Bench.Reporting;
using OrleansModules.Bench.Tree;

const string Usage = """
    Usage: dotnet run -c Release --project bench/OrleansModules.Bench -- <scenario> [arguments]
    Scenarios: tree, http. See bench/README.md.
    """;

var given = new BenchArgs(args);
try
{
    if (given.Scenario is "bare")
    {
        await BareServer.RunAsync(given);
        return 0;
    }

    Func<BenchArgs, Report, Task>? scenario = given.Scenario switch
    {
        "tree" => TreeScenario.RunAsync,
        "http" => HttpScenario.RunAsync,
        _ => null,
    };
    if (scenario is null)
    {
        await Console.Error.WriteLineAsync(Usage);
        return 2;
    }

    var report = new Report(given.Scenario, given.Command);
    await scenario(given, report);
    await report.WriteAsync();
    return 0;
}
catch (BenchException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
