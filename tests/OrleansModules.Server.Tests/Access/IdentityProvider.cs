using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Access;

/// <summary>An identity provider with one key, whose tokens servers of the tests take.</summary>
internal sealed class IdentityProvider : IDisposable
{
    private const string Issuer = "https://login.example";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A server that trusts it.</summary>
    /// <param name="setup">The server.</param>
    /// <param name="directory">Where the published keys lie.</param>
    public ServerSetup Trusted(ServerSetup setup, TempDirectory directory)
    {
        var (file, point) = (Path.Combine(directory.Path, "jwks.json"), _key.ExportParameters(false).Q);
        File.WriteAllText(file, $$"""{"keys":[{"kty":"EC","crv":"P-256","kid":"one","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}]}""");
        return setup.With("Modules__Access__Jwt__Issuer", Issuer).With("Modules__Access__Jwt__Audience", "modules").With("Modules__Access__Jwt__JwksFile", file);
    }

    /// <summary>A token that is good for an hour.</summary>
    /// <param name="subject">Whose.</param>
    /// <param name="claims">More claims, each after a comma.</param>
    public string Token(string subject, string claims = "")
    {
        var end = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        var signed = $"{Encode("""{"alg":"ES256","kid":"one"}""")}.{Encode($$"""{"iss":"{{Issuer}}","aud":"modules","sub":"{{subject}}","exp":{{end}}{{claims}}}""")}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
