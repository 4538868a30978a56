using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Startup;

public sealed class HostVersionTests
{
    [Fact]
    [Requirement("L6", "Available only where the host version is compatible")]
    public async Task Host_version_decides_availability_and_moves_the_system_once_per_change()
    {
        using var directory = new TempDirectory();
        await using (var server = await ServerProcess.StartAsync(ServerSetup.In(directory).With("Modules__HostVersion", "1.9.0")))
        {
            Assert.Equal("s2", (await server.Client.PutAsync("/modules/new", """{"minCompatibleVersion":"2.0.0"}""")).Is(201).Version);
            (await server.Client.PutAsync("/modules/old", """{"minCompatibleVersion":"1.0.0"}""")).Is(201);
            (await server.Client.PutAsync("/orgs/acme", "{}")).Is(201);
            (await server.Client.PutAsync("/workspaces/w1", """{"orgId":"acme"}""")).Is(201);
        }

        await AssertMapAsync(directory, "1.9.0", "s3.o1.w1", isAvailable: false);
        await AssertMapAsync(directory, "2.0.0", "s4.o1.w1", isAvailable: true);
        await AssertMapAsync(directory, "2.0.0", "s4.o1.w1", isAvailable: true);
        await AssertMapAsync(directory, null, "s4.o1.w1", isAvailable: true);
        await AssertMapAsync(directory, "1.0.0", "s5.o1.w1", isAvailable: false);
    }

    private static async Task AssertMapAsync(TempDirectory directory, string? hostVersion, string version, bool isAvailable)
    {
        var setup = ServerSetup.In(directory);
        await using var server = await ServerProcess.StartAsync(hostVersion is null ? setup : setup.With("Modules__HostVersion", hostVersion));
        var map = (await server.Client.GetAsync("/workspaces/w1/modules")).Is(200);
        Assert.Equal(version, map.Version);
        Assert.True(map.Module("old").GetProperty("isAvailable").GetBoolean());
        Assert.Equal(isAvailable, map.Module("new").GetProperty("isAvailable").GetBoolean());
        Assert.Equal(isAvailable ? [] : ["incompatible-version"], map.Module("new").GetProperty("reasons").EnumerateArray().Select(r => r.GetProperty("code").GetString()));
    }
}
