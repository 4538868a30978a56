using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace OrleansModules.Bench.Processes;

/// <summary>A server in a process of its own: the product, or a bare one to compare with.</summary>
internal sealed class HttpProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly ChildProcess _process;
    private readonly long _started;

    private HttpProcess(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, int port)
    {
        Address = new Uri($"http://127.0.0.1:{port}");
        Port = port;
        Client = new HttpClient { BaseAddress = Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
        _started = Stopwatch.GetTimestamp();
        _process = new ChildProcess(program, arguments, environment);
    }

    /// <summary>The token of the product's configuration; bare servers get it too, and ignore it.</summary>
    public const string Token = "bootstrap-token-of-the-benchmarks";

    /// <summary>The header of a request that carries it.</summary>
    public const string TokenHeader = $"Authorization: Bearer {Token}";

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>Talks to it; never decompresses.</summary>
    public HttpClient Client { get; }

    /// <summary>Whether it ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Memory it has in use (resident set), in bytes.</summary>
    public long ResidentBytes => _process.ResidentBytes;

    /// <summary>The product.</summary>
    /// <param name="dataDirectory">Its journal.</param>
    /// <param name="settings">Further settings, as environment variables.</param>
    public static HttpProcess Product(string dataDirectory, IReadOnlyDictionary<string, string>? settings = null)
    {
        var environment = new Dictionary<string, string>(settings ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal)
        {
            ["Modules__DataDirectory"] = dataDirectory,
            ["Modules__BootstrapToken"] = Token,
        };
        var port = FreePort();
        return new HttpProcess(Programs.Server, [.. Urls(port)], environment, port);
    }

    /// <summary>A silo of the product.</summary>
    /// <param name="siloPort">Where other silos reach it.</param>
    /// <param name="database">The connection string of the cluster's database.</param>
    /// <param name="settings">Further settings, as environment variables.</param>
    public static HttpProcess Silo(int siloPort, string database, IReadOnlyDictionary<string, string> settings)
    {
        var environment = new Dictionary<string, string>(settings, StringComparer.Ordinal)
        {
            ["ConnectionStrings__Modules"] = database,
            ["Modules__BootstrapToken"] = Token,
            ["Modules__Access__TokenKey"] = Token,
            ["Modules__OpenFeature__StreamKey"] = Token,
            ["Modules__Cluster__Port"] = siloPort.ToString(CultureInfo.InvariantCulture),
        };
        var port = FreePort();
        return new HttpProcess(Programs.Silo, [.. Urls(port)], environment, port);
    }

    /// <summary>A bare server: this program with another first argument.</summary>
    public static HttpProcess Bare(string scenario, params string[] arguments)
    {
        var port = FreePort();
        return new HttpProcess(Environment.ProcessPath!, [scenario, .. arguments, .. Urls(port)], new Dictionary<string, string>(StringComparer.Ordinal), port);
    }

    /// <summary>Waits until it answers 200.</summary>
    /// <returns>The time since its start.</returns>
    public Task<TimeSpan> ReadyAsync(string path = "/health/ready") => UntilAsync(path, status => status == HttpStatusCode.OK);

    /// <summary>Waits until it answers anything.</summary>
    /// <returns>The time since its start.</returns>
    public Task<TimeSpan> ListeningAsync() => UntilAsync("/", _ => true);

    private async Task<TimeSpan> UntilAsync(string path, Func<HttpStatusCode, bool> isWanted)
    {
        while (Stopwatch.GetElapsedTime(_started) < Patience && !_process.HasExited)
        {
            try
            {
                using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative));
                if (isWanted(answer.StatusCode))
                {
                    return Stopwatch.GetElapsedTime(_started);
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(Pause, TimeProvider.System);
        }

        throw new BenchException($"The server on port {Port} did not get ready. It said:\n{_process.LastLines}");
    }

    /// <summary>Ends it at once, with nothing that it could do about it.</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        _process.Dispose();
    }

    private static string[] Urls(int port) => ["--urls", $"http://127.0.0.1:{port}"];

    /// <summary>A port of the loopback address that nobody uses now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
