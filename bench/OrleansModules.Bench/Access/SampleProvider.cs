using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansModules.Api.Access.Jwt;

namespace OrleansModules.Bench.Access;

/// <summary>An identity provider: one key, and tokens as such services make them.</summary>
internal sealed class SampleProvider : IDisposable
{
    /// <summary>The section of the settings that name it.</summary>
    public const string Section = JwtOptions.Section;

    /// <summary>Who makes the tokens.</summary>
    public const string Issuer = "https://login.example";

    /// <summary>For whom.</summary>
    public const string Audience = "modules";

    private readonly RSA _key = RSA.Create(2048);

    /// <summary>Its published key (RFC 7517).</summary>
    public string KeySet
    {
        get
        {
            var key = _key.ExportParameters(false);
            return $$"""{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"one","n":"{{Base64Url.EncodeToString(key.Modulus)}}","e":"{{Base64Url.EncodeToString(key.Exponent)}}"}]}""";
        }
    }

    /// <summary>A token of a user of a workspace, good for an hour.</summary>
    public string Token(string workspace)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var memberships = $$"""{"workspace/{{workspace}}":"ws_user"}""";
        var claims = $$"""{"iss":"{{Issuer}}","aud":["{{Audience}}","account"],"sub":"7a0c1c1e-0d3b-4d53-9d6e-2f1c8b7f4e21","iat":{{now}},"exp":{{now + 3600}},"jti":"{{Guid.NewGuid()}}","name":"Ann Example","email":"ann@example.com","memberships":{{memberships}}""" + "}";
        var signed = $"{Encode("""{"alg":"RS256","typ":"JWT","kid":"one"}""")}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
