using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansModules.Api.Access.Jwt;

namespace OrleansModules.Api.Tests.Access.Jwt;

/// <summary>An identity provider with an RSA and a P-256 key, and a verifier that trusts it.</summary>
internal sealed class Provider : IDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Provider()
    {
        KeySet = $$"""{"keys":[{{RsaJwk("rsa")}},{{CurveJwk("ec")}}]}""";
        Keys = new JwtKeys(Options, ReadAsync, Time, NullLogger<JwtKeys>.Instance);
        Verifier = new JwtVerifier(Options, Keys, Time);
    }

    public FakeTimeProvider Time { get; } = new();

    public JwtOptions Options { get; } = new() { Issuer = "https://login.example", Audience = "modules", JwksFile = "not-read" };

    public JwtKeys Keys { get; }

    public JwtVerifier Verifier { get; }

    /// <summary>What it publishes; null while it is away.</summary>
    public string? KeySet { get; set; }

    /// <summary>How often its keys were read.</summary>
    public int Reads { get; private set; }

    public long Now => Time.GetUtcNow().ToUnixTimeSeconds();

    public string RsaJwk(string id, string more = "")
    {
        var key = _rsa.ExportParameters(false);
        return $$"""{"kty":"RSA","kid":"{{id}}","n":"{{Encode(key.Modulus!)}}","e":"{{Encode(key.Exponent!)}}"{{more}}}""";
    }

    public string CurveJwk(string id, string more = "")
    {
        var key = _curve.ExportParameters(false);
        return $$"""{"kty":"EC","crv":"P-256","kid":"{{id}}","x":"{{Encode(key.Q.X!)}}","y":"{{Encode(key.Q.Y!)}}"{{more}}}""";
    }

    public byte[] PublicKeyPem() => Encoding.ASCII.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem());

    /// <summary>Good claims, and more members.</summary>
    public string Claims(string more = "") => $$"""{"iss":"https://login.example","aud":"modules","sub":"ann","exp":{{Now + 600}}{{more}}}""";

    public string Token(string claims, string algorithm = "ES256", string? header = null)
    {
        var signed = $"{Encode(header ?? $$"""{"alg":"{{algorithm}}","kid":"{{(algorithm == "ES256" ? "ec" : "rsa")}}"}""")}.{Encode(claims)}";
        return $"{signed}.{Encode(Sign(algorithm, Encoding.ASCII.GetBytes(signed)))}";
    }

    public ValueTask<JwtResult> VerifyAsync(string token) => Verifier.VerifyAsync(token, CancellationToken.None);

    public async Task<string> RefusalAsync(string token) => Assert.IsType<JwtResult.Refused>(await VerifyAsync(token)).Code;

    public async Task<JwtResult.Accepted> AcceptedAsync(string token)
    {
        var result = await VerifyAsync(token);
        return Assert.IsType<JwtResult.Accepted>(result);
    }

    public void Dispose()
    {
        _rsa.Dispose();
        _curve.Dispose();
    }

    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private byte[] Sign(string algorithm, byte[] data) => algorithm switch
    {
        "ES256" => _curve.SignData(data, HashAlgorithmName.SHA256),
        "PS256" => _rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        _ => _rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
    };

    private Task<byte[]> ReadAsync()
    {
        Reads++;
        return KeySet is { } set ? Task.FromResult(Encoding.UTF8.GetBytes(set)) : throw new IOException("away");
    }
}
