using System.Text;
using System.Text.Json;
using OrleansModules.Server.Tests.Http;
using OrleansModules.Server.Tests.Processes;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Server.Tests.Access;

/// <summary>Searches everything that a server emits for every secret it was given or gave.</summary>
[Requirement("G22", "No secret in a log, a trace, an error or a record")]
public sealed class SecretSearchTests : IAsyncLifetime, IDisposable
{
    private const string Bootstrap = "bootstrap-token-that-is-searched-for";
    private const string TokenKey = "token-key-that-is-searched-for-everywhere";
    private const string StreamKey = "stream-key-that-is-searched-for-everywhere";
    private const string Password = "database-password-that-is-searched-for";
    private const string CollectorKey = "key-of-the-collector-that-is-searched-for";

    private readonly string _role = $"searched_{Guid.NewGuid():N}";
    private readonly TempDirectory _directory = new();
    private readonly IdentityProvider _provider = new();
    private readonly List<string> _seen = [];
    private readonly List<string> _secrets = [Bootstrap, TokenKey, StreamKey, Password, CollectorKey];
    private TestDatabase? _database;

    private TestDatabase Database => _database!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(empty: true);
        await Database.ExecuteAsync($"create role {_role} superuser login password '{Password}'");
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Database.ExecuteAsync($"reassign owned by {_role} to current_user; drop role {_role}");
        await Database.DisposeAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _provider.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Secret_is_in_no_log_trace_metric_error_answer_record_history_export_or_file()
    {
        await using var collector = await Collector.StartAsync();
        var connection = $"{Database.ConnectionStringAs(_role)};Password={Password}";
        var setup = _provider.Trusted(ServerSetup.In(_directory), _directory)
            .With("ConnectionStrings__Modules", connection).With("Modules__BootstrapToken", Bootstrap).With("Modules__Access__TokenKey", TokenKey).With("Modules__OpenFeature__StreamKey", StreamKey)
            .With("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url).With("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf").With("OTEL_EXPORTER_OTLP_HEADERS", $"x-key={CollectorKey}")
            .With("Logging__LogLevel__Default", "Trace").With("Logging__LogLevel__Microsoft.AspNetCore", "Trace").With("Logging__LogLevel__Npgsql", "Trace");
        await using (var server = await ServerProcess.StartAsync(setup))
        {
            await DriveAsync(server);
            Keep(await server.StopAsync());
        }

        var file = Path.Combine(_directory.Path, "export.jsonl");
        Keep(await ServerProcess.RunAsync(setup with { Command = ["export", file] }));
        _seen.Add(await File.ReadAllTextAsync(file));
        Keep(await ServerProcess.RunAsync(setup with { Command = ["migrate"] }));
        foreach (var wrong in new[] { $"Host=127.0.0.1;Port=1;Username=nobody;Password={Password}", $"Color={Password};Password={Password}", $"Host=;;Password={Password}" })
        {
            Keep(await ServerProcess.RunAsync(setup.With("ConnectionStrings__Modules", wrong)));
        }

        foreach (var name in new[] { "Modules__BootstrapToken", "Modules__Access__TokenKey", "Modules__OpenFeature__StreamKey" })
        {
            var half = $"{Bootstrap} {new string('x', 1000)}";
            Keep(await ServerProcess.RunAsync(setup.With(name, half)));
        }

        _seen.AddRange(collector.Received);
        _seen.AddRange(await TablesAsync());
        foreach (var path in Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories))
        {
            _seen.Add($"{path}: {await File.ReadAllTextAsync(path)}");
        }

        // That all of these were looked through.
        Assert.All(
            ["/v1/traces", "/v1/logs", "/v1/metrics", "token-created", "token-rotated", "\"outcome\":\"forbidden\"", "\"outcome\":\"held-up\"", "the store failed", "exit code 1", "Exported"],
            mark => Assert.True(_seen.Exists(s => s.Contains(mark, StringComparison.Ordinal)), $"nothing seen has '{mark}'"));
        Assert.Equal(12, _secrets.Count);
        foreach (var secret in _secrets)
        {
            Assert.All(_seen, s => Assert.False(s.Contains(secret, StringComparison.OrdinalIgnoreCase), $"'{secret}' is in: {Around(s, secret)}"));
        }
    }

    private async Task DriveAsync(ServerProcess server)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        await AskAsync(http, HttpMethod.Put, "/api/platform/orgs/acme", "{}", Bootstrap);
        await AskAsync(http, HttpMethod.Put, "/api/platform/workspaces/w1", """{"orgId":"acme"}""", Bootstrap);
        await AskAsync(http, HttpMethod.Post, "/api/platform/modules", """{"name":"kb"}""", Bootstrap);
        var made = JsonSerializer.Deserialize<JsonElement>(await SendAsync(http, HttpMethod.Post, "/api/platform/orgs/acme/tokens", """{"name":"ci","role":"org_user"}""", ("Authorization", $"Bearer {Bootstrap}"), ("Idempotency-Key", "one")));
        var id = made.GetProperty("token").GetProperty("id").GetString();
        var rotated = JsonSerializer.Deserialize<JsonElement>(await SendAsync(http, HttpMethod.Post, $"/api/platform/orgs/acme/tokens/{id}/rotate", "{}", ("Authorization", $"Bearer {Bootstrap}")));
        await AskAsync(http, HttpMethod.Post, "/api/platform/orgs/acme/tokens", """{"name":"ci","role":"org_user"}""", Bootstrap, ("Idempotency-Key", "one"));
        string[] tokens = [made.GetProperty("secret").GetString()!, rotated.GetProperty("secret").GetString()!];
        string[] people = [_provider.Token("ann", ""","memberships":{"org/acme":"org_admin"}"""), _provider.Token("ben", ""","roles":"operator" """)];
        var ticket = await TicketAsync(http);
        _secrets.AddRange([.. tokens.Select(t => t.Split('.')[^1]), .. people.Select(p => p.Split('.')[2]), people[0].Split('.')[1], ticket, Convert.ToBase64String(Encoding.UTF8.GetBytes(Password))]);

        await SendAsync(http, HttpMethod.Get, $"/ofrep/v1/event-stream?ticket={ticket}x", null);
        await SendAsync(http, HttpMethod.Get, $"/ofrep/v1/nothing?ticket={ticket}", null);
        await SendAsync(http, HttpMethod.Post, $"/ofrep/v1/event-stream?ticket={ticket}", "{}");
        foreach (var credential in (string[])[Bootstrap, .. tokens, .. people])
        {
            foreach (var sent in (string[])[credential, credential + "x", credential[..^1], credential + " " + credential])
            {
                await AskAsync(http, HttpMethod.Get, "/api/platform/orgs/acme/modules", null, sent);
                await AskAsync(http, HttpMethod.Put, "/api/platform/orgs/acme/modules/kb", "{", sent);
                await AskAsync(http, HttpMethod.Put, "/api/platform/orgs/acme/modules/kb", """{"isEnabled":false}""", sent, ("X-Actor", "otto"), ("X-Change-Reason", "tried"));
                await AskAsync(http, HttpMethod.Get, "/nowhere", null, sent);
                Keep(await SendAsync(http, HttpMethod.Get, "/api/platform/whoami", null, ("X-API-Key", sent)));
                Keep(await SendAsync(http, HttpMethod.Get, "/api/platform/whoami", null, ("Authorization", $"Basic {sent}")));
                Keep(await SendAsync(http, HttpMethod.Get, "/api/platform/whoami", null, ("Authorization", $"Bearer {sent}"), ("X-API-Key", sent)));
                await RawConnection.StatusAsync(server.Address!, $"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization Bearer {sent}\r\n\r\n");
            }
        }

        // The database turns the server away: what it says and logs about it has the name of the login, and no more.
        await Database.ExecuteAsync($"alter role {_role} nologin");
        await Database.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{_role}'");
        await AskAsync(http, HttpMethod.Put, "/api/platform/orgs/acme", """{"name":"A"}""", Bootstrap);
        await AskAsync(http, HttpMethod.Get, "/health/ready", null, Bootstrap);
        await Database.ExecuteAsync($"alter role {_role} login");

        foreach (var path in new[] { "history", "audit?limit=1000", "orgs/acme/history", "orgs/acme/audit", "orgs/acme/tokens", $"orgs/acme/tokens/{id}", "orgs/acme/members", "orgs/acme/modules/kb/explain" })
        {
            await AskAsync(http, HttpMethod.Get, $"/api/platform/{path}", null, Bootstrap);
        }

        await AskAsync(http, HttpMethod.Get, "/openapi/v1.json", null, Bootstrap);
    }

    private static async Task<string> TicketAsync(HttpClient http)
    {
        var answer = await SendAsync(http, HttpMethod.Post, "/ofrep/v1/evaluate/flags", """{"context":{"targetingKey":"w1"}}""", ("Authorization", $"Bearer {Bootstrap}"));
        var uri = JsonSerializer.Deserialize<JsonElement>(answer).GetProperty("eventStreams")[0].GetProperty("endpoint").GetProperty("requestUri").GetString()!; // every answer has one
        return uri[(uri.IndexOf("ticket=", StringComparison.Ordinal) + "ticket=".Length)..];
    }

    private async Task AskAsync(HttpClient http, HttpMethod method, string path, string? json, string token, params (string Name, string Value)[] headers) =>
        Keep(await SendAsync(http, method, path, json, [("Authorization", $"Bearer {token}"), .. headers]));

    // Head and body of the answer.
    private static async Task<string> SendAsync(HttpClient http, HttpMethod method, string path, string? json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<List<string>> TablesAsync()
    {
        var rows = new List<string>();
        await using var tables = Database.Source.CreateCommand("select format('select t::text from %I.%I t', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')");
        await using (var reader = await tables.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                rows.Add(reader.GetString(0));
            }
        }

        var seen = new List<string>();
        foreach (var select in rows)
        {
            await using var table = Database.Source.CreateCommand(select);
            await using var reader = await table.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                seen.Add($"{select}: {reader.GetString(0)}");
            }
        }

        return seen;
    }

    private void Keep(string answer) => _seen.Add(answer);

    private void Keep(ServerExit exit) => _seen.Add(exit.ToString());

    private static string Around(string text, string secret)
    {
        var at = text.IndexOf(secret, StringComparison.OrdinalIgnoreCase);
        return text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 200)];
    }
}
