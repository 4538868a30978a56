using System.Net;

namespace OrleansModules.Server.Startup;

/// <summary>Where the server listens. While there is no access control, only on addresses that no other machine can reach.</summary>
internal static class ListenAddresses
{
    private const string Default = "http://127.0.0.1:5080";

    /// <summary>The configured addresses, or the default.</summary>
    /// <param name="configuration">Settings <c>urls</c> and <c>Kestrel:Endpoints</c>.</param>
    /// <param name="faults">Receives every address that is refused.</param>
    public static string[] Read(IConfiguration configuration, List<string> faults)
    {
        var urls = (configuration["urls"] is { Length: > 0 } given ? given : Default).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>();
        faults.AddRange(urls.Concat(endpoints).Where(u => !IsLoopback(u)).Select(u =>
            $"'{u}' is no loopback address: there is no access control yet, so the server listens on 127.0.0.1, [::1] or localhost only"));
        return urls;
    }

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
}
