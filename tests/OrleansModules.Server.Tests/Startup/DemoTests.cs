using OrleansModules.Server.Tests.Http;
using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Startup;

[Requirement("A12", "The known modules are there as demo data")]
public sealed class DemoTests
{
    private static readonly string[] Workspaces = ["acme-support", "acme-research", "globex-main", "initech-tps"];

    [Fact]
    public async Task Demo_on_an_empty_directory_loads_modules_and_scopes_with_the_right_availability()
    {
        using var directory = new TempDirectory();
        await using var server = await ServerProcess.StartAsync(Demo(directory));
        var modules = (await server.Client.GetAsync("/modules")).Is(200).Body.GetProperty("modules").EnumerateArray().ToList();
        Assert.Equal(
            ["module-access", "module-ai", "module-mgmt", "module-ws", "module-kb", "module-chat", "module-eval", "module-voice"], modules.Select(m => m.GetProperty("name").GetString()));
        Assert.Equal(5, modules.Count(m => m.GetProperty("type").ValueEquals("core")));
        Assert.Equal(3, (await server.Client.GetAsync("/orgs")).Is(200).Body.GetProperty("orgs").GetArrayLength());

        string[] core = ["module-access", "module-ai", "module-mgmt", "module-ws", "module-kb"];
        Assert.Equal([.. core, "module-chat"], await AvailableAsync(server.Client, "acme-support"));
        Assert.Equal(core, await AvailableAsync(server.Client, "acme-research"));
        Assert.Equal([.. core, "module-chat", "module-eval"], await AvailableAsync(server.Client, "globex-main"));
        Assert.Equal([.. core, "module-chat", "module-eval"], await AvailableAsync(server.Client, "initech-tps"));
    }

    [Fact]
    public async Task Demo_at_every_start_changes_nothing_and_keeps_what_an_admin_changed()
    {
        using var directory = new TempDirectory();
        List<string> versions;
        await using (var server = await ServerProcess.StartAsync(Demo(directory)))
        {
            (await server.Client.PutAsync("/orgs/acme/modules/module-eval", """{"isEnabled":null}""")).Is(200);
            (await server.Client.PostAsync("/modules/module-chat/disable")).Is(200);
            (await server.Client.SendAsync(HttpMethod.Delete, "/workspaces/initech-tps")).Is(200);
            versions = await VersionsAsync(server.Client);
            Assert.Equal(0, (await server.StopAsync()).Code);
        }

        for (var i = 0; i < 2; i++)
        {
            await using var again = await ServerProcess.StartAsync(Demo(directory));
            Assert.Equal(versions, await VersionsAsync(again.Client));
            Assert.Contains("module-eval", await AvailableAsync(again.Client, "acme-support"));
            Assert.DoesNotContain("module-chat", await AvailableAsync(again.Client, "acme-support"));
        }
    }

    [Fact]
    public async Task Demo_over_other_data_is_not_loaded()
    {
        using var directory = new TempDirectory();
        await using (var server = await ServerProcess.StartAsync(ServerSetup.In(directory)))
        {
            (await server.Client.PutAsync("/orgs/mine", "{}")).Is(201);
        }

        await AssertNotLoadedAsync(directory, "s0");
    }

    [Fact]
    public async Task Demo_over_data_behind_several_host_versions_is_not_loaded()
    {
        using var directory = new TempDirectory();
        foreach (var hostVersion in new[] { "1.0.0", "2.0.0", "3.0.0" })
        {
            await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory).With("Modules__HostVersion", hostVersion));
            if (hostVersion is "3.0.0")
            {
                (await server.Client.PutAsync("/orgs/mine", "{}")).Is(201);
            }
        }

        await AssertNotLoadedAsync(directory, "s3");
    }

    [Fact]
    public async Task Demo_beside_a_host_version_is_loaded()
    {
        using var directory = new TempDirectory();
        await using var server = await ServerProcess.StartAsync(Demo(directory).With("Modules__HostVersion", "1.0.0"));
        Assert.Equal(8, (await server.Client.GetAsync("/modules")).Is(200).Body.GetProperty("modules").GetArrayLength());
    }

    private static ServerSetup Demo(TempDirectory directory) => ServerSetup.In(directory).With("Modules__Demo", "true");

    private static async Task AssertNotLoadedAsync(TempDirectory directory, string version)
    {
        await using var server = await ServerProcess.StartAsync(Demo(directory));
        Assert.Equal(version, (await server.Client.GetAsync("/modules")).Is(200).Version);
        Assert.Equal(["mine"], (await server.Client.GetAsync("/orgs")).Is(200).Body.GetProperty("orgs").EnumerateArray().Select(o => o.GetProperty("orgId").GetString()));
        Assert.Contains(server.Output, line => line.Contains("Demo data not loaded", StringComparison.Ordinal));
    }

    private static async Task<List<string?>> AvailableAsync(ModulesClient client, string workspace) =>
        [.. (await client.GetAsync($"/workspaces/{workspace}/availability")).Is(200).Body.GetProperty("available").EnumerateArray().Select(m => m.GetString())];

    private static async Task<List<string>> VersionsAsync(ModulesClient client)
    {
        var versions = new List<string> { (await client.GetAsync("/modules")).Is(200).Version };
        foreach (var workspace in Workspaces)
        {
            var map = await client.GetAsync($"/workspaces/{workspace}/modules");
            versions.Add(map.Status == 404 ? "deleted" : map.Is(200).Version);
        }

        return versions;
    }
}
