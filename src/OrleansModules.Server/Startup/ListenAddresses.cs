using System.Net;

namespace OrleansModules.Server.Startup;

/// <summary>Where the server listens. Where other machines can reach it, only if somebody can sign in.</summary>
internal static class ListenAddresses
{
    private const string Default = "http://127.0.0.1:5080";

    /// <summary>The configured addresses, or the default.</summary>
    /// <param name="configuration">Settings <c>urls</c> and <c>Kestrel:Endpoints</c>.</param>
    public static string[] Read(IConfiguration configuration) =>
        (configuration["urls"] is { Length: > 0 } given ? given : Default).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The configured addresses that other machines can reach.</summary>
    public static IReadOnlyList<string> Open(IConfiguration configuration) => [.. All(configuration).Where(u => !IsLoopback(u))];

    /// <summary>Whether one of the configured addresses is served over TLS.</summary>
    public static bool HaveTls(IConfiguration configuration) => All(configuration).Any(u => u.StartsWith("https:", StringComparison.OrdinalIgnoreCase));

    /// <summary>Why the server does not listen on an address that other machines can reach.</summary>
    public static string Refusal(string url) =>
        $"'{url}' is no loopback address, and nobody could sign in: set {ServerOptions.Section}:{nameof(ServerOptions.BootstrapToken)}, configure the identity provider, or start on 127.0.0.1 first, which prints a token";

    /// <summary>Whether only this machine can reach an address.</summary>
    internal static bool IsLoopback(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return false;
        }

        return address.IsUnixPipe
            || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }

    private static IEnumerable<string> All(IConfiguration configuration) =>
        Read(configuration).Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>());
}
