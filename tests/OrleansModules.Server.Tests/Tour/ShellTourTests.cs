using System.Text.Json;
using OrleansModules.Server.Tests.Http;
using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Tour;

public sealed class ShellTourTests
{
    [Fact]
    [Requirement("C1", "Changes of availability reach a shell at once")]
    [Requirement("B27", "Admins of each scope switch modules, and the cascade is right")]
    public async Task Shell_with_an_event_stream_sees_every_change_and_the_right_map_after_it()
    {
        using var directory = new TempDirectory();
        await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory));
        var client = server.Client;
        (await client.PostAsync("/modules", """{"name":"kb","tier":1,"config":{"limit":100,"feature":"default"},"featureFlags":{"ocr":false}}""")).Is(201);
        (await client.PostAsync("/modules", """{"name":"chat","tier":2,"dependencies":["kb"]}""")).Is(201);
        (await client.PutAsync("/orgs/acme", """{"name":"Acme"}""")).Is(201);
        (await client.PutAsync("/workspaces/support", """{"orgId":"acme"}""")).Is(201);
        (await client.PutAsync("/workspaces/beside", """{"orgId":"acme"}""")).Is(201);

        using var shell = await client.EventsAsync("/workspaces/support/events");
        Assert.Equal("s2.o1.w1", (await shell.NextAsync())?.Id);

        var map = await SeeAsync(client, shell, client.PutAsync("/orgs/acme/modules/kb", """{"configOverrides":{"limit":200},"featureFlagOverrides":{"ocr":true}}"""), "s2.o2.w1", "kb");
        Assert.Equal("""{"feature":"default","limit":200}""", Sorted(map.Module("kb").GetProperty("config")));
        Assert.True(map.Module("kb").GetProperty("featureFlags").GetProperty("ocr").GetBoolean());

        map = await SeeAsync(client, shell, client.PutAsync("/workspaces/support/modules/kb", """{"configOverrides":{"feature":"custom"}}"""), "s2.o2.w2", "kb");
        Assert.Equal("""{"feature":"custom","limit":200}""", Sorted(map.Module("kb").GetProperty("config")));

        map = await SeeAsync(client, shell, client.PostAsync("/modules/kb/disable?force=true"), "s3.o2.w2", "kb", "chat");
        Assert.All(["kb", "chat"], name => Assert.False(map.Module(name).GetProperty("isAvailable").GetBoolean()));
        Assert.Equal("disabled-by-system", Assert.Single(map.Module("kb").GetProperty("reasons").EnumerateArray()).GetProperty("code").GetString());
        Assert.Equal("dependency-unavailable", Assert.Single(map.Module("chat").GetProperty("reasons").EnumerateArray()).GetProperty("code").GetString());
        Assert.Equal("parent-disabled", (await client.PutAsync("/workspaces/support/modules/kb", """{"isEnabled":true}""")).Is(409).Text("code"));

        map = await SeeAsync(client, shell, client.PostAsync("/modules/kb/enable"), "s4.o2.w2", "kb", "chat");
        Assert.True(map.Module("chat").GetProperty("isAvailable").GetBoolean());

        // What happens beside it, it is not told: the next event is the one after.
        (await client.PutAsync("/workspaces/beside/modules/chat", """{"isEnabled":false}""")).Is(200);
        map = await SeeAsync(client, shell, client.PutAsync("/workspaces/support/modules/chat", """{"isEnabled":false}"""), "s4.o2.w3", "chat");
        Assert.Equal("disabled-by-workspace", Assert.Single(map.Module("chat").GetProperty("reasons").EnumerateArray()).GetProperty("code").GetString());

        (await client.SendAsync(HttpMethod.Delete, "/workspaces/support")).Is(200);
        Assert.Equal("deleted", (await shell.NextAsync())?.Name);
        Assert.Null(await shell.NextAsync());
    }

    private static async Task<Answer> SeeAsync(ModulesClient client, EventReader shell, Task<Answer> change, string version, params string[] changed)
    {
        (await change).Is(200);
        var told = await shell.NextAsync();
        Assert.Equal(("version", version), (told?.Name, told?.Id));
        Assert.Equal(changed.Order(StringComparer.Ordinal), told!.Data.GetProperty("changed").EnumerateArray().Select(m => m.GetString()!).Order(StringComparer.Ordinal)); // names, not null
        var map = (await client.GetAsync("/workspaces/support/modules")).Is(200);
        Assert.Equal(version, map.Version);
        return map;
    }

    private static string Sorted(JsonElement config) =>
        JsonSerializer.Serialize(config.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal));
}
