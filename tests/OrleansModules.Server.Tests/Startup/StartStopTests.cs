using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Startup;

public sealed class StartStopTests
{
    [Fact]
    public async Task Start_on_an_empty_directory_serves_and_keeps_its_data_under_the_working_directory()
    {
        using var directory = new TempDirectory();
        await using var server = await ServerProcess.StartAsync(new ServerSetup(null, directory.Path));
        var registry = (await server.Client.GetAsync("/modules")).Is(200);
        Assert.Equal("s0", registry.Version);
        Assert.Empty(registry.Body.GetProperty("modules").EnumerateArray());
        Assert.NotEmpty(Directory.GetFiles(directory.Data, "*.journal"));
        var exit = await server.StopAsync();
        Assert.True(exit is { Code: 0, Error.Count: 0 }, exit.ToString());
    }
}
