using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Http;

/// <summary>Headers that tell browsers what they must not do, and TLS.</summary>
public sealed class SecurityHeadersTests
{
    private const string Password = "password-of-the-certificate";

    [Theory]
    [InlineData("/api/platform/whoami")]
    [InlineData("/api/platform/modules/none")]
    [InlineData("/api/platform/orgs")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/health/live")]
    [InlineData("/nowhere")]
    public async Task Data_runs_nothing_is_framed_nowhere_and_is_not_guessed_at(string path)
    {
        using var directory = new TempDirectory();
        await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory));
        using var client = ClientOf(server);
        foreach (var token in new[] { ServerSetup.Token, "wrong" })
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal("nosniff", One(answer, "X-Content-Type-Options"));
            Assert.Equal("default-src 'none'; frame-ancestors 'none'", One(answer, "Content-Security-Policy"));
            Assert.Equal("no-referrer", One(answer, "Referrer-Policy"));
            Assert.False(answer.Headers.Contains("Server"));
            Assert.False(answer.Headers.Contains("Strict-Transport-Security"), "http must not send it");
        }
    }

    [Fact]
    public async Task Hot_map_has_no_more_headers_than_it_needs()
    {
        using var directory = new TempDirectory();
        await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory).With("Modules__Demo", "true"));
        using var client = ClientOf(server);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServerSetup.Token);
        var org = (await server.Client.GetAsync("/orgs")).Is(200).Body.GetProperty("orgs")[0].GetProperty("orgId").GetString();
        using var answer = await client.GetAsync(new Uri($"/api/platform/orgs/{org}/modules", UriKind.Relative));
        Assert.Equal(
            ["Cache-Control", "Content-Length", "Content-Type", "Date", "ETag", "Vary", "X-Content-Type-Options"],
            answer.Headers.Concat(answer.Content.Headers).Select(h => h.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Server_with_a_certificate_speaks_tls_of_today_and_tells_browsers_to_stay_with_it()
    {
        using var directory = new TempDirectory();
        var file = Path.Combine(directory.Path, "server.pfx");
        await File.WriteAllBytesAsync(file, Certificate());
        var setup = ServerSetup.In(directory).With("Kestrel__Endpoints__Tls__Url", "https://127.0.0.1:0")
            .With("Kestrel__Endpoints__Tls__Certificate__Path", file).With("Kestrel__Endpoints__Tls__Certificate__Password", Password);
        await using var server = await ServerProcess.StartAsync(setup);
        Assert.Equal("https", server.Address!.Scheme);

        using var client = ClientOf(server);
        client.DefaultRequestHeaders.Host = "modules.example";
        using var answer = await client.GetAsync(new Uri("/health/live", UriKind.Relative));
        Assert.Equal("max-age=31536000", One(answer, "Strict-Transport-Security"));
        client.DefaultRequestHeaders.Host = "localhost";
        using var local = await client.GetAsync(new Uri("/health/live", UriKind.Relative));
        Assert.False(local.Headers.Contains("Strict-Transport-Security"), "a loopback name serves other things too");
    }

    private static string One(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));

    private static byte[] Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=modules.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return made.Export(X509ContentType.Pfx, Password);
    }

    // Takes the certificate of the test, whoever signed it.
    private static HttpClient ClientOf(ServerProcess server) => new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject is "CN=modules.example" },
    })
    { BaseAddress = server.Address };
}
