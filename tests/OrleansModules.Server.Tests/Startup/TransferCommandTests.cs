using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Startup;

[Requirement("L7", "Moving the record keeps every change")]
public sealed class TransferCommandTests
{
    [Fact]
    public async Task Exported_record_is_imported_elsewhere_and_serves_the_same()
    {
        using var from = new TempDirectory();
        using var to = new TempDirectory();
        var file = Path.Combine(from.Path, "modules.jsonl");
        string map;
        await using (var server = await ServerProcess.StartAsync(ServerSetup.In(from).With("Modules__Demo", "true")))
        {
            map = (await server.Client.GetAsync("/workspaces/acme-support/modules")).Is(200).Body.GetRawText();
            Assert.Equal(0, (await server.StopAsync()).Code);
        }

        Assert.Contains("Exported", (await RunAsync(from, 0, "export", file)).Output[^1], StringComparison.Ordinal);
        Assert.Contains("8 modules, 3 organizations, 4 workspaces", (await RunAsync(to, 0, "import", file, "--dry-run")).Output[^1], StringComparison.Ordinal);
        Assert.StartsWith("Imported", (await RunAsync(to, 0, "import", file)).Output[^1], StringComparison.Ordinal);
        Assert.StartsWith("Imported 0 of", (await RunAsync(to, 0, "import", file)).Output[^1], StringComparison.Ordinal);
        await using (var server = await ServerProcess.StartAsync(ServerSetup.In(to)))
        {
            Assert.Equal(map, (await server.Client.GetAsync("/workspaces/acme-support/modules")).Is(200).Body.GetRawText());
            Assert.Equal(0, (await server.StopAsync()).Code);
        }

        Assert.Contains("epoch 1", (await RunAsync(to, 0, "raise-epoch", "a backup was restored")).Output[^1], StringComparison.Ordinal);
        await using (var server = await ServerProcess.StartAsync(ServerSetup.In(to)))
        {
            var version = (await server.Client.GetAsync("/workspaces/acme-support/modules")).Is(200).Body.GetProperty("version").GetString();
            Assert.StartsWith("e1.s", version, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Command_that_cannot_be_done_says_why_in_one_line_and_changes_nothing()
    {
        using var directory = new TempDirectory();
        var garbage = Path.Combine(directory.Path, "garbage");
        await File.WriteAllTextAsync(garbage, "nothing to see\n");
        foreach (var (args, says) in new (string[], string)[]
        {
            (["export"], "needs the name"),
            (["import", "--dry-run"], "needs the name"),
            (["raise-epoch"], "needs a reason"),
            (["export", garbage], "exists"),
            (["import", garbage], "no export"),
            (["import", garbage + ".not-there"], "Could not find"),
        })
        {
            var exit = await RunAsync(directory, 1, args);
            Assert.Contains(says, Assert.Single(exit.Error), StringComparison.Ordinal);
        }

        Assert.Equal("nothing to see\n", await File.ReadAllTextAsync(garbage));
    }

    private static async Task<ServerExit> RunAsync(TempDirectory directory, int code, params string[] args)
    {
        var exit = await ServerProcess.RunAsync(ServerSetup.In(directory) with { Command = args });
        Assert.True(exit.Code == code, exit.ToString());
        return exit;
    }
}
