using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OrleansModules.Core.Scopes;
using OrleansModules.Server.Tests.Http;
using OrleansModules.Server.Tests.Processes;
using Xunit.Abstractions;

namespace OrleansModules.Server.Tests.Linearizability;

public sealed class LinearizabilityTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private const int Calls = 150;
    private const string Module = "chat";
    private const string System = "";
    private const string Org = "/orgs/acme";

    private static readonly string[] Workspaces = ["/workspaces/w1", "/workspaces/w2"];

    private readonly ConcurrentBag<Operation> _history = [];

    [Fact]
    [Requirement("L7", "Changes of a scope are serial, and no reader sees a version go down")]
    public async Task Scopes_under_concurrent_clients_are_linearizable()
    {
        using var directory = new TempDirectory();
        await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory));
        await CreateScopesAsync(server.Client);
        var initial = (await ReadAsync(server.Client, Workspaces[0])).Seen.Append((await ReadAsync(server.Client, Workspaces[1])).Seen[2]).ToArray();

        var seed = Random.Shared.Next();
        output.WriteLine($"Seed {seed}");
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => RunClientAsync(server, client, new Random(seed + client)))));

        var writes = _history.OfType<Write>().ToList();
        output.WriteLine($"{_history.Count} calls, {writes.Count(w => w.Revision is not null)} writes accepted, {writes.Count(w => w.Revision is null)} refused.");
        Assert.Contains(writes, w => w.Revision is null);
        Assert.Contains(writes, w => w.Revision is not null);
        var violations = HistoryChecker.Check(_history, initial);
        Assert.True(violations.Count == 0, string.Join('\n', violations.Take(10)));
    }

    private static async Task CreateScopesAsync(ModulesClient client)
    {
        (await client.PutAsync($"/modules/{Module}", "{}")).Is(201);
        (await client.PutAsync(Org, "{}")).Is(201);
        foreach (var workspace in Workspaces)
        {
            (await client.PutAsync(workspace, """{"orgId":"acme"}""")).Is(201);
        }
    }

    private async Task RunClientAsync(ServerProcess server, int client, Random random)
    {
        using var http = new ModulesClient(server.Address!); // it is ready, so it has one
        for (var i = 0; i < Calls; i++)
        {
            var seen = await ReadAsync(http, Workspaces[random.Next(Workspaces.Length)]);
            _history.Add(seen);
            if (random.Next(2) == 0)
            {
                // Mostly workspaces; the scopes above them now and then.
                var based = seen.Seen[random.Next(6) switch { 0 => 0, 1 => 1, _ => 2 }];
                _history.Add(await WriteAsync(http, based, string.Create(CultureInfo.InvariantCulture, $"client{client}-{i}")));
            }
        }
    }

    private static async Task<Read> ReadAsync(ModulesClient client, string workspace)
    {
        var invoked = Stopwatch.GetTimestamp();
        var answer = await client.GetAsync($"{workspace}/modules");
        var returned = Stopwatch.GetTimestamp();
        Assert.True(MapVersion.TryParse(answer.Is(200).Version, out var version));
        var config = answer.Module(Module).GetProperty("config");
        return new Read(
            invoked, returned, new Sight(System, version.System, Text(config, "system")), new Sight(Org, version.Org, Text(config, "org")), new Sight(workspace, version.Own, Text(config, "workspace")));
    }

    private static async Task<Write> WriteAsync(ModulesClient client, Sight based, string value)
    {
        var ifMatch = ("If-Match", string.Create(CultureInfo.InvariantCulture, $"\"{based.Revision}\""));
        var path = $"{based.Scope}/modules/{Module}";
        var invoked = Stopwatch.GetTimestamp();
        var answer = await (based.Scope switch
        {
            System => client.PatchAsync(path, $$$"""{"config":{"system":"{{{value}}}"}}""", ifMatch),
            Org => client.PutAsync(path, $$$"""{"configOverrides":{"org":"{{{value}}}"}}""", ifMatch),
            _ => client.PutAsync(path, $$$"""{"configOverrides":{"workspace":"{{{value}}}"}}""", ifMatch),
        });
        var returned = Stopwatch.GetTimestamp();
        if (answer.Status == 412)
        {
            Assert.Equal("revision-mismatch", answer.Text("code"));
            Assert.True(answer.Body.GetProperty("currentRevision").GetInt64() > based.Revision);
        }

        return new Write(invoked, returned, based.Scope, based.Revision, value, answer.Status == 412 ? null : answer.Is(200).Revision);
    }

    private static string? Text(JsonElement config, string name) => config.TryGetProperty(name, out var value) ? value.GetString() : null;
}
