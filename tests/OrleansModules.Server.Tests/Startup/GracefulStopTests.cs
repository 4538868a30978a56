using OrleansModules.Server.Tests.Crash;
using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Startup;

public sealed class GracefulStopTests
{
    [Fact]
    [Requirement("L7", "An acknowledged change is durable and is never lost")]
    public async Task Stop_under_concurrent_writes_finishes_them_and_ends_streams()
    {
        using var directory = new TempDirectory();
        var workload = new CrashWorkload();
        await using (var server = await ServerProcess.StartAsync(ServerSetup.In(directory)))
        {
            await CrashWorkload.CreateScopesAsync(server.Client);
            using var events = await server.Client.EventsAsync("/workspaces/shared/events");
            Assert.Equal("version", (await events.NextAsync())?.Name);

            var open = workload.WriteUntilEndedAsync(server, 40, server.Terminate);
            Assert.Equal("bye", await LastEventAsync(events));
            var exit = await server.ExitAsync();
            await open;
            Assert.True(exit is { Code: 0, Error.Count: 0 }, exit.ToString());
        }

        await using var again = await ServerProcess.StartAsync(ServerSetup.In(directory));
        Assert.DoesNotContain(again.Output, line => line.StartsWith("warn", StringComparison.Ordinal));
        await new JournalAudit(workload).CheckAsync(again.Client);
        Assert.True(workload.Sent.Values.Count(s => s.Receipt is not null) >= 40);
    }

    [Fact]
    public async Task Stop_with_an_idle_connection_does_not_wait_for_it()
    {
        using var directory = new TempDirectory();
        await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory));
        (await server.Client.GetAsync("/modules")).Is(200);
        Assert.Equal(0, (await server.StopAsync()).Code);
    }

    private static async Task<string?> LastEventAsync(Http.EventReader events)
    {
        string? last = null;
        while (await events.NextAsync() is { } next)
        {
            last = next.Name;
        }

        return last;
    }
}
