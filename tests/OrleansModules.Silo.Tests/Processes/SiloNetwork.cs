using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansModules.Silo.Tests.Processes;

/// <summary>The network between silos: each is reached through a door here, which can be shut for some of the others.</summary>
/// <remarks>
/// A silo listens on one port and tells the others another, that of its door. Who comes to a door is seen from the connection's own port,
/// as the kernel lists it under the process that opened it. Needs no rights that the processes' owner does not have.
/// </remarks>
internal sealed class SiloNetwork : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<TcpListener> _doors = [];
    private readonly List<SiloLink> _links = [];
    private readonly HashSet<(int, int)> _cut = [];
    private readonly int[] _silos;
    private readonly Func<int, int> _processOf;

    /// <summary>Opens a door for each silo.</summary>
    /// <param name="doors">The port of each door.</param>
    /// <param name="silos">The port on which each silo listens.</param>
    /// <param name="processOf">The id of a silo's process.</param>
    public SiloNetwork(int[] doors, int[] silos, Func<int, int> processOf)
    {
        (_silos, _processOf) = (silos, processOf);
        for (var i = 0; i < doors.Length; i++)
        {
            var door = new TcpListener(IPAddress.Loopback, doors[i]);
            door.Start();
            _doors.Add(door);
            _ = ServeAsync(i, door);
        }
    }

    /// <summary>Lets nothing through between two silos any more.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    /// <param name="silently">What is sent is held, as by a network that loses packets; otherwise connections break.</param>
    public void Cut(int one, int other, bool silently)
    {
        lock (_gate)
        {
            _cut.Add((one, other));
            _cut.Add((other, one));
            foreach (var link in _links.Where(l => _cut.Contains((l.From, l.To))).ToList())
            {
                if (silently)
                {
                    link.Hold();
                }
                else
                {
                    link.Dispose();
                }
            }
        }
    }

    /// <summary>Ends all cuts. What was held arrives now.</summary>
    public void Mend()
    {
        lock (_gate)
        {
            _cut.Clear();
            _links.ForEach(l => l.Release());
        }
    }

    /// <summary>Shuts all doors.</summary>
    public void Dispose()
    {
        _doors.ForEach(d => d.Dispose());
        lock (_gate)
        {
            _links.ToList().ForEach(l => l.Dispose());
        }
    }

    private async Task ServeAsync(int silo, TcpListener door)
    {
        try
        {
            while (true)
            {
                Join(silo, await door.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The door is shut.
        }
    }

    private void Join(int silo, TcpClient incoming)
    {
        var from = WhoOpened((IPEndPoint)incoming.Client.RemoteEndPoint!);
        lock (_gate)
        {
            if (from is { } known && !_cut.Contains((known, silo)) && SiloLink.TryOpen(known, silo, incoming, _silos[silo], Leave) is { } link)
            {
                _links.Add(link);
                link.Start();
                return;
            }
        }

        incoming.Client.LingerState = new LingerOption(enable: true, seconds: 0); // refused, and at once
        incoming.Dispose();
    }

    private void Leave(SiloLink link)
    {
        lock (_gate)
        {
            _links.Remove(link);
        }
    }

    private int? WhoOpened(IPEndPoint end)
    {
        // "  12: 0100007F:9C40 0100007F:2B67 01 00000000:00000000 00:00000000 00000000     0        0 123456 1 ..."
        var local = string.Create(CultureInfo.InvariantCulture, $":{end.Port:X4}");
        var fields = File.ReadLines("/proc/net/tcp").Skip(1).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(f => f[1].EndsWith(local, StringComparison.Ordinal) && f[9] != "0");
        if (fields is null)
        {
            return null; // closed already
        }

        var socket = $"socket:[{fields[9]}]";
        return Enumerable.Range(0, _silos.Length).Cast<int?>().FirstOrDefault(i => Has(_processOf(i!.Value), socket));
    }

    private static bool Has(int process, string socket)
    {
        try
        {
            return new DirectoryInfo($"/proc/{process}/fd").EnumerateFiles().Any(f => f.LinkTarget == socket);
        }
        catch (IOException)
        {
            return false; // it ended
        }
    }
}
