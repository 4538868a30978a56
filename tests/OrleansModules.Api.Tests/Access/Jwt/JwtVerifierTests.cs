using System.Security.Cryptography;
using System.Text;
using OrleansModules.Api.Access.Jwt;
using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Tests.Access.Jwt;

/// <summary>Tokens of the identity provider: published examples, what is taken, and every known attack.</summary>
public sealed class JwtVerifierTests : IDisposable
{
    private readonly Provider _provider = new();

    /// <inheritdoc/>
    public void Dispose() => _provider.Dispose();

    [Theory]
    [InlineData(Rfc7515.Rs256, Rfc7515.RsaKey)]
    [InlineData(Rfc7515.Es256, Rfc7515.CurveKey)]
    public async Task Published_example_is_verified_and_one_changed_is_not(string token, string key)
    {
        _provider.KeySet = $$"""{"keys":[{{key}}]}""";
        _provider.Options.Issuer = "joe";
        var parts = token.Split('.');
        var other = parts[2][0] == 'c' ? 'd' : 'c';

        Assert.Equal("audience-wrong", await _provider.RefusalAsync(token)); // its signature is good; the examples have no audience
        Assert.Equal("signature-invalid", await _provider.RefusalAsync($"{parts[0]}.{parts[1]}.{other}{parts[2][1..]}"));
        Assert.Equal("signature-invalid", await _provider.RefusalAsync($"{parts[0]}.{Provider.Encode("{}")}.{parts[2]}"));
    }

    [Theory]
    [InlineData(Rfc7515.None)]
    [InlineData(Rfc7515.Hs256)]
    public async Task Published_example_without_a_key_pair_is_refused(string token) => Assert.Equal("algorithm-not-supported", await _provider.RefusalAsync(token));

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task Good_token_gives_subject_roles_and_end(string algorithm)
    {
        var accepted = await _provider.AcceptedAsync(_provider.Token(_provider.Claims(
            ""","roles":["sys_admin","org_admin","nope",7],"memberships":{"org/acme":"org_admin","workspace/w1":["ws_user"],"x":"org_user","org/b":"ws_admin"}"""), algorithm));

        Assert.Equal("ann", accepted.Subject);
        Assert.Equal(_provider.Time.Now.AddSeconds(630), accepted.ExpiresAt);
        Assert.Equal(
            [(ScopeId.System, ScopeRole.SysAdmin), (ScopeId.Parse("org/acme"), ScopeRole.OrgAdmin), (ScopeId.Parse("workspace/w1"), ScopeRole.WsUser)],
            accepted.Grants.Select(g => (g.Scope, g.Role)));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("HS256")]
    [InlineData("es256")]
    [InlineData("ES384")]
    [InlineData("RSA-OAEP")]
    public async Task Other_algorithm_is_refused(string algorithm) =>
        Assert.Equal("algorithm-not-supported", await _provider.RefusalAsync(_provider.Token(_provider.Claims(), "RS256", $$"""{"alg":"{{algorithm}}","kid":"rsa"}""")));

    [Fact]
    public async Task Public_key_is_no_shared_secret()
    {
        var signed = $"{Provider.Encode("""{"alg":"HS256","kid":"rsa"}""")}.{Provider.Encode(_provider.Claims())}";
        var token = $"{signed}.{Provider.Encode(HMACSHA256.HashData(_provider.PublicKeyPem(), Encoding.ASCII.GetBytes(signed)))}";

        Assert.Equal("algorithm-not-supported", await _provider.RefusalAsync(token));
    }

    [Theory]
    [InlineData("""{"alg":"ES256","alg":"ES256","kid":"ec"}""")]
    [InlineData("""{"alg":"ES256","kid":"ec"} x""")]
    [InlineData("""{"alg":"ES256","kid":"ec"}{}""")]
    [InlineData("""{"alg":"ES256","kid":"ec","crit":["exp"],"exp":1}""")]
    [InlineData("""{"alg":"ES256","kid":7}""")]
    [InlineData("""{"alg":"ES256","kid":"ec","typ":"logout+jwt"}""")]
    [InlineData("""["alg"]""")]
    [InlineData("")]
    public async Task Header_that_is_not_plain_is_refused(string header) => Assert.Equal("token-malformed", await _provider.RefusalAsync(_provider.Token(_provider.Claims(), "ES256", header)));

    [Fact]
    public async Task Claims_with_a_member_twice_or_something_behind_are_refused()
    {
        Assert.Equal("token-malformed", await _provider.RefusalAsync(_provider.Token(_provider.Claims(""","sub":"eve" """))));
        Assert.Equal("token-malformed", await _provider.RefusalAsync(_provider.Token(_provider.Claims() + "x")));
        Assert.Equal("token-malformed", await _provider.RefusalAsync(_provider.Token(_provider.Claims($",\"a\":{new string('[', 20)}{new string(']', 20)}"))));
    }

    [Fact]
    public async Task Text_that_is_no_compact_token_is_refused()
    {
        var token = _provider.Token(_provider.Claims());

        foreach (var bad in new[] { "", "..", "a.b", token + ".", token + ".x", token + "=", token + " ", token.Replace('.', '/'), "\n" + token, "a" + token })
        {
            Assert.Equal("token-malformed", await _provider.RefusalAsync(bad));
        }

        Assert.Equal("token-too-large", await _provider.RefusalAsync(token + new string('A', JwtVerifier.MaxLength)));
    }

    [Fact]
    public async Task Key_of_another_kind_curve_or_use_is_not_used()
    {
        Assert.Equal("key-unknown", await _provider.RefusalAsync(_provider.Token(_provider.Claims(), "ES256", """{"alg":"ES256","kid":"rsa"}""")));
        Assert.Equal("key-unknown", await _provider.RefusalAsync(_provider.Token(_provider.Claims(), "ES256", """{"alg":"ES256","kid":"other"}""")));
        Assert.Equal("signature-invalid", await _provider.RefusalAsync(_provider.Token(_provider.Claims(), "RS256", """{"alg":"PS256","kid":"rsa"}""")));
        foreach (var unusable in new[]
        {
            _provider.CurveJwk("ec", ""","use":"enc" """), _provider.CurveJwk("ec", ""","key_ops":["sign"]"""), _provider.CurveJwk("ec", ""","alg":"ES384" """),
            _provider.CurveJwk("ec").Replace("P-256", "P-384", StringComparison.Ordinal), _provider.CurveJwk("ec").Replace("\"y\":\"", "\"y\":\"A", StringComparison.Ordinal),
            """{"kty":"oct","kid":"ec","k":"AAAA"}""", """{"kty":"RSA","kid":"ec","n":"AQAB","e":"AQAB"}""", "7",
        })
        {
            using var provider = new Provider();
            provider.KeySet = $$"""{"keys":[{{unusable}}]}""";
            Assert.Equal("keys-unavailable", await provider.RefusalAsync(_provider.Token(_provider.Claims())));
        }
    }

    [Fact]
    public async Task Token_ends_and_begins_within_the_skew()
    {
        var token = _provider.Token(_provider.Claims($",\"nbf\":{_provider.Now + 20},\"iat\":{_provider.Now + 30}"));

        await _provider.AcceptedAsync(token);
        Assert.Equal("token-not-yet-valid", await _provider.RefusalAsync(_provider.Token(_provider.Claims($",\"nbf\":{_provider.Now + 31}"))));
        Assert.Equal("token-not-yet-valid", await _provider.RefusalAsync(_provider.Token(_provider.Claims($",\"iat\":{_provider.Now + 31}"))));
        _provider.Time.Advance(TimeSpan.FromSeconds(629));
        await _provider.AcceptedAsync(token);
        _provider.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("token-expired", await _provider.RefusalAsync(token));
    }

    [Theory]
    [InlineData("""{"iss":"https://login.example/","aud":"modules","sub":"a","exp":9999999999}""", "issuer-wrong")]
    [InlineData("""{"aud":"modules","sub":"a","exp":9999999999}""", "issuer-wrong")]
    [InlineData("""{"iss":"https://login.example","aud":"Modules","sub":"a","exp":9999999999}""", "audience-wrong")]
    [InlineData("""{"iss":"https://login.example","aud":["x",7],"sub":"a","exp":9999999999}""", "audience-wrong")]
    [InlineData("""{"iss":"https://login.example","sub":"a","exp":9999999999}""", "audience-wrong")]
    [InlineData("""{"iss":"https://login.example","aud":["x","modules"],"sub":"a"}""", "claims-invalid")]
    [InlineData("""{"iss":"https://login.example","aud":"modules","sub":"a","exp":"9999999999"}""", "claims-invalid")]
    [InlineData("""{"iss":"https://login.example","aud":"modules","sub":"a","exp":1e300}""", "claims-invalid")]
    [InlineData("""{"iss":"https://login.example","aud":"modules","sub":"a","exp":9999999999,"nbf":null}""", "claims-invalid")]
    [InlineData("""{"iss":"https://login.example","aud":"modules","sub":"","exp":9999999999}""", "claims-invalid")]
    [InlineData("""{"iss":"https://login.example","aud":"modules","sub":"\ud800","exp":9999999999}""", "claims-invalid")]
    public async Task Wrong_claims_are_refused(string claims, string code) => Assert.Equal(code, await _provider.RefusalAsync(_provider.Token(claims)));
}
