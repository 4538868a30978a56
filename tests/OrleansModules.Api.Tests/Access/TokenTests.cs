using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Access;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Api.Tests.Streaming;
using OrleansModules.Core.Scopes;
using static OrleansModules.Api.Tests.Access.Callers;

namespace OrleansModules.Api.Tests.Access;

/// <summary>API tokens: made, used, rotated, revoked, ended.</summary>
[Requirement("B20", "Machines sign in with tokens of the service")]
public sealed class TokenTests
{
    private const string OrgMap = "/api/platform/orgs/acme/modules";
    private const string Tokens = "/api/platform/orgs/acme/tokens";

    private static readonly ScopeId Acme = ScopeId.Org("acme");

    [Fact]
    public async Task Token_opens_by_either_header_and_says_who_it_is()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        var made = await api.MakeTokenAsync(Acme, "org_admin");
        Assert.Equal($"{Tokens}/{made.Json["token"]!["id"]}", made.Headers.Location!.ToString());
        Assert.Matches(@"^omt_[A-Za-z0-9_-]+\.[a-z0-9]{12}\.[A-Za-z0-9_-]{47}$", made["secret"]);

        foreach (var header in new[] { Bearer(made["secret"]!), ("X-API-Key", made["secret"]!), ("Authorization", $"bearer {made["secret"]}") })
        {
            (string, string)[] only = header.Item1 is "X-API-Key" ? [header, Nobody] : [header];
            var who = (await api.GetAsync("/api/platform/whoami?scope=workspace/w1", only)).Is(200);
            Assert.Equal(($"token:{made.Json["token"]!["id"]}", "machine", "org_admin", "workspace/w1"), (who["subject"], who["kind"], who["name"], who["scope"]));
            Assert.Equal("""[{"scope":"org/acme","role":"org_admin"}]""", who["grants"]);
            Assert.Equal(["org_admin"], who.Strings("roles"));
            (await api.GetAsync(OrgMap, only)).Is(200);
        }
    }

    [Fact]
    public async Task Secret_is_shown_once_and_stored_nowhere()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        const string body = """{"name":"ci","role":"shell"}""";
        var made = (await api.PostAsync(Tokens, body, ("Idempotency-Key", "once"))).Is(201);
        Assert.True(made.Headers.CacheControl!.NoStore);
        var repeated = (await api.PostAsync(Tokens, body, ("Idempotency-Key", "once"))).Is(201);
        Assert.Null(repeated["secret"]);
        Assert.Equal(made.Json["token"]!.ToJsonString(), repeated.Json["token"]!.ToJsonString());

        var id = (string)made.Json["token"]!["id"]!;
        Assert.Equal(made.Json["token"]!.ToJsonString(), (await api.GetAsync($"{Tokens}/{id}")).Is(200).Text);
        Assert.Equal($$"""{"tokens":[{{made.Json["token"]!.ToJsonString()}}]}""", (await api.GetAsync(Tokens)).Is(200).Text);
        var history = (await api.GetAsync("/api/platform/orgs/acme/history")).Is(200).Text;
        Assert.Contains("token-created", history, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", history, StringComparison.Ordinal);
        var files = await StoredAsync(api);
        Assert.DoesNotContain(made["secret"]!.Split('.')[2], files, StringComparison.Ordinal);
        Assert.Contains("\"hash\":", files, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotated_token_opens_with_both_secrets_until_the_older_ends()
    {
        var time = new FakeTimeProvider();
        await using var api = await StartWithPeopleAsync(time);
        await api.ScopesAsync();
        var made = await api.MakeTokenAsync(Acme, "shell");
        var id = (string)made.Json["token"]!["id"]!;
        (await api.GetAsync(OrgMap, Bearer(made["secret"]!))).Is(200);

        var rotated = (await api.PostAsync($"{Tokens}/{id}/rotate", """{"overlapSeconds":60}""")).Is(200);
        (await api.GetAsync(OrgMap, Bearer(made["secret"]!))).Is(200);
        (await api.GetAsync(OrgMap, Bearer(rotated["secret"]!))).Is(200);

        time.Advance(TimeSpan.FromSeconds(61));
        (await api.GetAsync(OrgMap, Bearer(made["secret"]!))).IsProblem(401, "token-invalid");
        (await api.GetAsync(OrgMap, Bearer(rotated["secret"]!))).Is(200);
    }

    [Fact]
    public async Task Revoked_token_fails_with_the_next_request_and_ends_its_streams()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        var made = await api.MakeTokenAsync(Acme, "shell");
        var header = Bearer(made["secret"]!);
        (await api.GetAsync(OrgMap, header)).Is(200);
        using var stream = await EventReader.OpenAsync(api, "/api/platform/workspaces/w1/events", header: header);
        Assert.StartsWith("event: version", await stream.NextAsync(), StringComparison.Ordinal);

        (await api.DeleteAsync($"{Tokens}/{made.Json["token"]!["id"]}")).Is(200);

        (await api.GetAsync(OrgMap, header)).IsProblem(401, "token-invalid");
        Assert.Equal("event: bye|data: {}", await stream.NextAsync());
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Token_ends_when_it_says_also_where_it_is_remembered()
    {
        var time = new FakeTimeProvider();
        await using var api = await StartWithPeopleAsync(time);
        await api.ScopesAsync();
        var made = await api.MakeTokenAsync(Acme, "shell", time.Now.AddMinutes(1).ToString("O"));
        (await api.GetAsync(OrgMap, Bearer(made["secret"]!))).Is(200);

        time.Advance(TimeSpan.FromMinutes(1));

        (await api.GetAsync(OrgMap, Bearer(made["secret"]!))).IsProblem(401, "token-invalid");
        (await api.PostAsync(Tokens, $$"""{"name":"late","role":"shell","expiresAt":"{{time.Now:O}}"}""")).IsProblem(400, "invalid-value");
    }

    [Fact]
    public async Task Token_of_a_scope_that_was_deleted_opens_nothing_also_where_the_scope_is_created_again()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        var header = await api.HolderAsync(ScopeId.Workspace("w1"), "ws_owner");
        (await api.GetAsync("/api/platform/workspaces/w1/modules", header)).Is(200);

        (await api.DeleteAsync("/api/platform/workspaces/w1")).Is(200);
        (await api.GetAsync("/api/platform/workspaces/w1/modules", header)).IsProblem(401, "token-invalid");
        (await api.PutAsync("/api/platform/workspaces/w1", """{"orgId":"acme"}""")).Is(201);
        (await api.GetAsync("/api/platform/workspaces/w1/modules", header)).IsProblem(401, "token-invalid");
    }

    [Fact]
    public async Task Credential_that_is_not_good_is_401_with_a_challenge_and_its_reason()
    {
        await using var api = await StartWithPeopleAsync();
        await api.ScopesAsync();
        var secret = (await api.MakeTokenAsync(Acme, "shell"))["secret"]!;
        var last = secret[^1] is 'A' ? 'B' : 'A';
        foreach (var (headers, code) in new ((string, string)[], string)[]
        {
            ([Nobody], "credential-missing"),
            ([Bearer(secret[..^1] + last)], "token-invalid"),
            ([Bearer("omt_")], "token-invalid"),
            ([Bearer(TokenText.New(Acme, "abcdefghijkm"))], "token-invalid"),
            ([Bearer(TokenText.New(ScopeId.Org("nobody"), "abcdefghijkm"))], "token-invalid"),
            ([Bearer("omt_" + new string('a', 5000))], "token-invalid"),
            ([Bearer("something")], "signature-invalid"),
            ([Bearer("jwt:token:abc")], "token-invalid"),
            ([("Authorization", "Basic YTpi")], "scheme-not-supported"),
            ([Bearer(secret), ("X-API-Key", secret)], "credential-ambiguous"),
            ([("X-API-Key", "jwt:ann"), Nobody], "token-invalid"),
        })
        {
            var answer = (await api.GetAsync(OrgMap, headers)).IsProblem(401, code);
            Assert.StartsWith("Bearer realm=\"orleans-modules\"", answer.Headers.WwwAuthenticate.Single().ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(secret.Split('.')[2][..^5], answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Secrets_are_compared_by_a_hash_that_only_the_key_makes()
    {
        var text = TokenText.New(ScopeId.System, TokenText.NewId());
        var one = new AccessSecrets(Encoding.ASCII.GetBytes(new string('1', 32)), null);
        var other = new AccessSecrets(Encoding.ASCII.GetBytes(new string('2', 32)), null);
        Assert.Equal(one.Hash(text), new AccessSecrets(Encoding.ASCII.GetBytes(new string('1', 32)), null).Hash(text));
        Assert.NotEqual(one.Hash(text), other.Hash(text));
        Assert.False(one.IsBootstrap(text));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AccessSecrets(new byte[31], null));
    }

    [Theory]
    [InlineData("""{"role":"shell"}""", "missing-field")]
    [InlineData("""{"name":"a"}""", "missing-field")]
    [InlineData("""{"name":"","role":"shell"}""", "invalid-value")]
    [InlineData("""{"name":"a","role":"king"}""", "invalid-value")]
    [InlineData("""{"name":"a","role":"ws_admin"}""", "role-not-for-scope")]
    [InlineData("""{"name":"a","role":"shell","expiresAt":"soon"}""", "invalid-value")]
    [InlineData("""{"name":"a","role":"shell","id":"mine"}""", "unknown-field")]
    public async Task Token_of_the_wrong_form_is_refused(string body, string code)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        (await api.PostAsync(Tokens, body)).IsProblem(400, code);
    }

    private static async Task<string> StoredAsync(ApiFixture api)
    {
        var text = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(api.DataDirectory, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) is not "lock"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            text.Append(await reader.ReadToEndAsync());
        }

        return text.ToString();
    }
}
