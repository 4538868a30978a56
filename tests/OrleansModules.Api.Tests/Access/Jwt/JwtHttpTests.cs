using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Access.Jwt;
using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Access.Callers;

namespace OrleansModules.Api.Tests.Access.Jwt;

/// <summary>Tokens of the identity provider over HTTP: from its published keys to what its people may read.</summary>
public sealed class JwtHttpTests : IDisposable
{
    private const string WhoAmI = "/api/platform/whoami";
    private const string Section = "/Modules:Access:Jwt:";

    private readonly Provider _provider = new();
    private readonly string _file = Path.GetTempFileName();

    /// <inheritdoc/>
    public void Dispose()
    {
        _provider.Dispose();
        File.Delete(_file);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task Person_signs_in_with_keys_from_a_file_or_from_an_address(string algorithm)
    {
        await using var site = await JwksSite.StartAsync(_provider.KeySet!);
        var token = Bearer(_provider.Token(_provider.Claims(), algorithm));

        await using (var byFile = await StartAsync())
        {
            Assert.Equal("ann", (await byFile.GetAsync(WhoAmI, token)).Is(200)["subject"]);
        }

        await using var byUrl = await StartAsync(site);
        var who = (await byUrl.GetAsync(WhoAmI, token)).Is(200);
        Assert.Equal(("ann", "person", 1), (who["subject"], who["kind"], site.Reads));
    }

    [Fact]
    public async Task Claims_of_configured_names_give_roles_that_reach_their_own_scopes_only()
    {
        await using var api = await StartAsync(null, ("SubjectClaim", "email"), ("RolesClaim", "groups"), ("MembershipsClaim", "https://modules.example/in"));
        await api.ScopesAsync();
        await api.ScopesAsync("other", "w2");
        var admin = Bearer(_provider.Token(_provider.Claims(
            ""","email":"ann@example.com","roles":["sys_owner"],"memberships":{"system":"sys_owner"},"groups":"everybody org_admin","https://modules.example/in":{"org/acme":["org_admin","sys_owner"],"org/nowhere":"org_owner"}""")));

        var who = (await api.GetAsync($"{WhoAmI}?scope=workspace/w1", admin)).Is(200);
        Assert.Equal("ann@example.com", who["subject"]);
        Assert.Equal(["org_admin"], who.Strings("roles"));
        (await api.GetAsync("/api/platform/workspaces/w1/modules", admin)).Is(200);
        (await api.PutAsync("/api/platform/orgs/acme", """{"name":"Acme"}""", admin)).Is(200);
        (await api.GetAsync("/api/platform/orgs/other/modules", admin)).IsProblem(404, "org-not-found");
        (await api.GetAsync("/api/platform/workspaces/w2/modules", admin)).IsProblem(404, "workspace-not-found");
        (await api.GetAsync("/api/platform/orgs/nowhere/modules", admin)).IsProblem(404, "org-not-found");
        (await api.GetAsync("/api/platform/modules", admin)).IsProblem(403, "forbidden");

        var operators = Bearer(_provider.Token(_provider.Claims(""","email":"otto@example.com","groups":["operator"]""")));
        (await api.GetAsync("/api/platform/modules", operators)).Is(200);
        (await api.GetAsync("/api/platform/workspaces/w1/modules", operators)).IsProblem(404, "workspace-not-found");
    }

    [Fact]
    public async Task Token_that_is_not_good_is_answered_401_with_a_challenge_and_its_own_code_and_never_repeated()
    {
        await using var api = await StartAsync();
        await api.ScopesAsync();
        foreach (var (token, code) in Bad())
        {
            foreach (var path in new[] { WhoAmI, "/api/platform/workspaces/w1/modules" })
            {
                var answer = (await api.GetAsync(path, Bearer(token))).IsProblem(401, code);
                Assert.Equal("Bearer realm=\"orleans-modules\", error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
                Assert.DoesNotContain(token.Split('.')[1], answer.Text + answer.Message, StringComparison.Ordinal);
            }
        }

        var codes = typeof(JwtCodes).GetFields().Select(f => (string)f.GetRawConstantValue()!);
        Assert.Equal(codes.Except([JwtCodes.KeysUnavailable]).Order(StringComparer.Ordinal), Bad().Select(b => b.Code).Distinct().Order(StringComparer.Ordinal));
        (await api.GetAsync(WhoAmI, Bearer(_provider.Token(_provider.Claims())))).Is(200);
    }

    [Fact]
    public async Task New_key_is_fetched_once_and_unknown_ones_no_more_often_than_the_shortest_interval()
    {
        await using var site = await JwksSite.StartAsync(_provider.KeySet!);
        await using var api = await StartAsync(site, ("KeysMinInterval", "00:00:30"));
        (await api.GetAsync(WhoAmI, Bearer(_provider.Token(_provider.Claims())))).Is(200);
        site.KeySet = $$"""{"keys":[{{_provider.CurveJwk("next")}}]}""";
        var next = Bearer(_provider.Token(_provider.Claims(), "ES256", """{"alg":"ES256","kid":"next"}"""));

        (await api.GetAsync(WhoAmI, next)).IsProblem(401, "key-unknown");
        Assert.Equal(1, site.Reads);
        _provider.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.GetAsync(WhoAmI, next))), a => a.Is(200));
        Assert.Equal(2, site.Reads);
        for (var i = 0; i < 20; i++)
        {
            (await api.GetAsync(WhoAmI, Bearer(_provider.Token(_provider.Claims(), "ES256", $$"""{"alg":"ES256","kid":"guess{{i}}"}""")))).IsProblem(401, "key-unknown");
        }

        Assert.Equal(2, site.Reads);
        (await api.GetAsync(WhoAmI, Bearer(_provider.Token(_provider.Claims($",\"jti\":\"{Guid.NewGuid()}\"")))))
            .IsProblem(401, "key-unknown"); // the key before was withdrawn
    }

    [Fact]
    public async Task Keys_count_on_while_their_address_is_away_and_without_any_nobody_signs_in()
    {
        await using var site = await JwksSite.StartAsync("nonsense");
        await using var api = await StartAsync(site, ("KeysMaxAge", "00:01:00"));
        (await api.GetAsync(WhoAmI, Bearer(_provider.Token(_provider.Claims())))).IsProblem(401, "keys-unavailable");

        site.KeySet = _provider.KeySet;
        _provider.Time.Advance(TimeSpan.FromMinutes(1));
        (await api.GetAsync(WhoAmI, Bearer(_provider.Token(_provider.Claims())))).Is(200);
        site.KeySet = null;
        _provider.Time.Advance(TimeSpan.FromMinutes(2));
        (await api.GetAsync(WhoAmI, Bearer(_provider.Token(_provider.Claims())))).Is(200);
    }

    [Fact]
    public async Task Person_who_is_remembered_is_refused_once_their_token_has_ended()
    {
        await using var api = await StartAsync(null, ("ClockSkew", "00:00:00"));
        var token = Bearer(_provider.Token($$"""{"iss":"https://login.example","aud":"modules","sub":"ann","exp":{{_provider.Now + 20}}}"""));
        (await api.GetAsync(WhoAmI, token)).Is(200);
        _provider.Time.Advance(TimeSpan.FromSeconds(20));
        (await api.GetAsync(WhoAmI, token)).IsProblem(401, "token-expired");
    }

    private (string Token, string Code)[] Bad()
    {
        using var stranger = new Provider();
        var (claims, good) = (_provider.Claims(), _provider.Token(_provider.Claims()));
        var hmac = $"{Provider.Encode("""{"alg":"HS256","kid":"rsa"}""")}.{Provider.Encode(claims)}";
        return
        [
            (_provider.Token(claims.Replace("modules", "others", StringComparison.Ordinal)), "audience-wrong"),
            (_provider.Token(claims.Replace("login.example", "login.evil", StringComparison.Ordinal)), "issuer-wrong"),
            (_provider.Token($$"""{"iss":"https://login.example","aud":"modules","sub":"ann","exp":{{_provider.Now - 31}}}"""), "token-expired"),
            (_provider.Token(_provider.Claims($",\"nbf\":{_provider.Now + 60}")), "token-not-yet-valid"),
            (_provider.Token("""{"iss":"https://login.example","aud":"modules","sub":"ann"}"""), "claims-invalid"),
            ($"{Provider.Encode("""{"alg":"none"}""")}.{Provider.Encode(claims)}.", "algorithm-not-supported"),
            ($"{hmac}.{Provider.Encode(HMACSHA256.HashData(_provider.PublicKeyPem(), Encoding.ASCII.GetBytes(hmac)))}", "algorithm-not-supported"),
            (_provider.Token(claims, "ES256", """{"alg":"EdDSA","kid":"ec"}"""), "algorithm-not-supported"),
            (stranger.Token(claims), "signature-invalid"),
            (_provider.Token(claims, "ES256", """{"alg":"ES256","kid":"other"}"""), "key-unknown"),
            (_provider.Token(_provider.Claims(""","sub":"eve" """)), "token-malformed"),
            (_provider.Token(claims, "ES256", """{"alg":"ES256","kid":"ec","kid":"ec"}"""), "token-malformed"),
            (good + ".x", "token-malformed"),
            (_provider.Token(_provider.Claims($",\"padding\":\"{new string('a', JwtVerifier.MaxLength)}\"")), "token-too-large"),
        ];
    }

    // Keys from the site, or from a file where there is none.
    private Task<ApiFixture> StartAsync(JwksSite? site = null, params (string Name, string Value)[] settings)
    {
        File.WriteAllText(_file, _provider.KeySet);
        (string, string)[] basic = [("Issuer", "https://login.example"), ("Audience", "modules"), site is null ? ("JwksFile", _file) : ("JwksUrl", site.Url)];
        return ApiFixture.StartWithAsync(
            builder => builder.Services.AddSingleton<TimeProvider>(_provider.Time), onKestrel: true, settings: [.. basic.Concat(settings).Select(s => (Section + s.Item1, s.Item2))]);
    }
}
