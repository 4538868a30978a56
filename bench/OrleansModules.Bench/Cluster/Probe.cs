using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansModules.Bench.Processes;

namespace OrleansModules.Bench.Cluster;

/// <summary>Asks a server under test what its runtime counts. The answers come from <see cref="StartupHook"/>, inside the server.</summary>
internal sealed class Probe
{
    /// <summary>The environment variable with the port to answer on.</summary>
    public const string PortVariable = "BENCH_PROBE_PORT";

    /// <summary>Bytes allocated since the start.</summary>
    public const string Allocated = "allocated";

    /// <summary>Microseconds of processor time since the start.</summary>
    public const string Processor = "processor";

    /// <summary>Batches of changes that another silo took.</summary>
    public const string Pushes = "modules.cluster.propagation";

    /// <summary>Messages of any kind between silos.</summary>
    public const string Messages = "orleans-messaging-sent-messages-size";

    private readonly int _port = HttpProcess.FreePort();

    /// <summary>What to start the server with.</summary>
    public Dictionary<string, string> Settings => new(StringComparer.Ordinal)
    {
        ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
        [PortVariable] = _port.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Everything that was counted until now.</summary>
    public async Task<IReadOnlyDictionary<string, long>> ReadAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        using var reader = new StreamReader(client.GetStream());
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadLineAsync() is { } line)
        {
            var parts = line.Split(' ');
            counts[parts[0]] = long.Parse(parts[1], CultureInfo.InvariantCulture);
        }

        return counts;
    }
}
