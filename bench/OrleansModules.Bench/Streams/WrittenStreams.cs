using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using OrleansModules.Bench.Processes;

namespace OrleansModules.Bench.Streams;

/// <summary>
/// Many open event streams that nobody reads while a server writes to them. The kernel notes when bytes come to a socket, which on one
/// machine is when the server's write was made; they are read afterwards. So nothing but the server works meanwhile: every call blocks, as a
/// socket that was ever awaited is watched by a thread of this process, which each event then wakes. Linux alone.
/// </summary>
internal sealed class WrittenStreams : IDisposable
{
    private const int SocketLevel = 1;
    private const int TimestampNanoseconds = 35; // SO_TIMESTAMPNS
    private const int DoNotWait = 0x40;
    private const int WouldBlock = 11;

    private readonly List<(Socket Socket, EventCounter Counter)> _streams = [];
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(16 * 1024, pinned: true);
    private readonly byte[] _control = GC.AllocateUninitializedArray<byte>(256, pinned: true);

    /// <summary>Opens streams and waits until each has sent its first event.</summary>
    /// <param name="port">Of a server on this machine.</param>
    /// <param name="paths">The path of each.</param>
    /// <param name="patience">How long to wait at most.</param>
    public async Task OpenAsync(int port, IReadOnlyList<string> paths, TimeSpan patience)
    {
        foreach (var path in paths)
        {
            _streams.Add((Open(port, path, patience), new EventCounter()));
        }

        await ReadAsync(TimeSpan.FromMilliseconds(10), patience);
    }

    /// <summary>Waits without touching a stream, then reads one event of each.</summary>
    /// <param name="rest">How long to leave the streams alone.</param>
    /// <param name="patience">How long to wait at most for events that are late even then.</param>
    /// <returns>When each was written, by the machine's clock; null where the kernel did not note it, as happens to few.</returns>
    public async Task<DateTime?[]> ReadAsync(TimeSpan rest, TimeSpan patience)
    {
        await Task.Delay(rest, TimeProvider.System);
        var until = TimeProvider.System.GetUtcNow().UtcDateTime + patience;
        var moments = new DateTime?[_streams.Count];
        foreach (var (at, (socket, counter)) in _streams.Index())
        {
            int events;
            while ((events = Take(socket, counter, ref moments[at])) == 0)
            {
                if (TimeProvider.System.GetUtcNow().UtcDateTime > until)
                {
                    throw new BenchException($"Stream {at} has no event after {patience}.");
                }

                await Task.Delay(rest, TimeProvider.System);
            }

            if (events > 1)
            {
                throw new BenchException($"Stream {at} has {events} events where one was expected.");
            }
        }

        return moments;
    }

    /// <inheritdoc/>
    public void Dispose() => _streams.ForEach(s => s.Socket.Dispose());

    private static Socket Open(int port, string path, TimeSpan patience)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(SocketLevel, TimestampNanoseconds, BitConverter.GetBytes(1));
        socket.Connect(IPAddress.Loopback, port);
        socket.Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{HttpProcess.TokenHeader}\r\nAccept: text/event-stream\r\n\r\n"));
        return socket.Poll(patience, SelectMode.SelectRead) ? socket : throw new BenchException($"A stream did not begin after {patience}.");
    }

    // All that is there now. An event is small, so that its bytes come together.
    private int Take(Socket socket, EventCounter counter, ref DateTime? moment)
    {
        var events = 0;
        while (true)
        {
            var vector = new Vector { Start = Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0), Length = _bytes.Length };
            var handle = GCHandle.Alloc(vector, GCHandleType.Pinned);
            try
            {
                var message = new Message { Vectors = handle.AddrOfPinnedObject(), VectorCount = 1, Control = Marshal.UnsafeAddrOfPinnedArrayElement(_control, 0), ControlLength = _control.Length };
                var read = Receive((int)socket.SafeHandle.DangerousGetHandle(), ref message, DoNotWait);
                if (read < 0 && Marshal.GetLastPInvokeError() == WouldBlock)
                {
                    return events;
                }

                if (read <= 0)
                {
                    throw new BenchException($"A stream ended: {(read == 0 ? "closed by the server" : Marshal.GetLastPInvokeErrorMessage())}.");
                }

                var more = counter.Count(_bytes.AsSpan(0, (int)read));
                if (more > 0)
                {
                    moment = Moment(_control.AsSpan(0, (int)message.ControlLength));
                    events += more;
                }
            }
            finally
            {
                handle.Free();
            }
        }
    }

    // One control message: its length in 8 bytes, level and type in 4 each, then seconds and nanoseconds in 8 each.
    private static DateTime? Moment(ReadOnlySpan<byte> control) =>
        control.Length >= 32 && MemoryMarshal.Read<int>(control[8..]) == SocketLevel && MemoryMarshal.Read<int>(control[12..]) == TimestampNanoseconds
            ? DateTime.UnixEpoch.AddSeconds(MemoryMarshal.Read<long>(control[16..])).AddTicks(MemoryMarshal.Read<long>(control[24..]) / 100)
            : null;

    [DllImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static extern nint Receive(int socket, ref Message message, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        public nint Start;
        public nint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public nint Name;
        public uint NameLength;
        public nint Vectors;
        public nint VectorCount;
        public nint Control;
        public nint ControlLength;
        public int Flags;
    }
}
