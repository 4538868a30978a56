using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansModules.Bench.Cluster;

/// <summary>Runs inside a server under test, before its program: tells this program what the server's runtime counts.</summary>
/// <remarks>The runtime wants this name, outside any namespace, and calls it where <c>DOTNET_STARTUP_HOOKS</c> names this file.</remarks>
#pragma warning disable MA0047, CA1050 // the runtime looks for it outside of namespaces
internal static class StartupHook
#pragma warning restore MA0047, CA1050
{
    private static readonly Dictionary<string, long> Recorded = new(StringComparer.Ordinal);

    // Kept, or nobody would listen any more.
    private static readonly MeterListener Listener = new() { InstrumentPublished = Listen };

    /// <summary>Starts to answer on the port that the environment names.</summary>
    public static void Initialize()
    {
        Listener.SetMeasurementEventCallback<int>((instrument, _, _, _) => Count(instrument));
        Listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => Count(instrument));
        Listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => Count(instrument));
        Listener.Start();
        var listener = new TcpListener(IPAddress.Loopback, int.Parse(Environment.GetEnvironmentVariable(Probe.PortVariable)!, CultureInfo.InvariantCulture));
        listener.Start();
        new Thread(() => Serve(listener)) { IsBackground = true }.Start();
    }

    private static void Serve(TcpListener listener)
    {
        while (true)
        {
            using var client = listener.AcceptTcpClient();
            using var stream = client.GetStream();
            stream.Write(Encoding.ASCII.GetBytes(Describe()));
        }
    }

    private static string Describe()
    {
        var processor = Environment.CpuUsage.TotalTime;
        var text = new StringBuilder($"{Probe.Allocated} {GC.GetTotalAllocatedBytes(precise: true)}\n{Probe.Processor} {(long)processor.TotalMicroseconds}\n");
        lock (Recorded)
        {
            foreach (var (name, count) in Recorded)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name} {count}\n");
            }
        }

        return text.ToString();
    }

    // Only what is recorded for each message: nothing of this is in the way of a read.
    private static void Listen(Instrument instrument, MeterListener listener)
    {
        if (instrument.Name is Probe.Pushes or Probe.Messages)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private static void Count(Instrument instrument)
    {
        lock (Recorded)
        {
            Recorded[instrument.Name] = Recorded.GetValueOrDefault(instrument.Name) + 1;
        }
    }
}
