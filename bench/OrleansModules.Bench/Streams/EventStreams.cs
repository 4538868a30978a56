using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansModules.Bench.Processes;

namespace OrleansModules.Bench.Streams;

/// <summary>Many open event streams of one client, read as cheaply as can be: bytes and events are counted, nothing is parsed.</summary>
internal sealed class EventStreams : IDisposable
{
    private const int StreamsPerAddress = 5_000;
    private const int OpenedAtOnce = 64;

    private static int s_opened;

    private readonly List<Socket> _sockets = [];
    private readonly Countdown _countdown = new();
    private byte[] _sample = [];

    /// <summary>Bytes that the last event of one stream took, chunk framing left out; empty before the first.</summary>
    public ReadOnlyMemory<byte> Sample => _sample;

    /// <summary>Opens streams and waits until each has sent its first event.</summary>
    /// <param name="port">Of a server on this machine.</param>
    /// <param name="paths">The path of each.</param>
    /// <param name="patience">How long to wait at most.</param>
    public async Task OpenAsync(int port, IReadOnlyList<string> paths, TimeSpan patience)
    {
        var all = _countdown.Expect(paths.Count);
        foreach (var some in paths.Index().Chunk(OpenedAtOnce))
        {
            await Task.WhenAll(some.Select(p => OpenAsync(port, p.Item, isSample: p.Index == 0)));
        }

        await all.WaitAsync(patience, TimeProvider.System);
    }

    /// <summary>Starts to wait for one further event of every stream.</summary>
    /// <returns>The moment the last one came, as a timestamp of <see cref="Stopwatch"/>.</returns>
    public Task<long> NextAsync() => _countdown.Expect(_sockets.Count);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private async Task OpenAsync(int port, string path, bool isSample)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        lock (_sockets)
        {
            _sockets.Add(socket);
        }

        if (OperatingSystem.IsLinux())
        {
            // One address has some 28,000 ports to connect from, and a closed connection keeps its port for a minute; spread over
            // several, as all of 127.* are this machine.
            var address = 2 + (Interlocked.Increment(ref s_opened) / StreamsPerAddress % 250);
            socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)address]), 0));
        }

        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{HttpProcess.TokenHeader}\r\nAccept: text/event-stream\r\n\r\n"));
        Listen(socket, isSample);
    }

    private void Listen(Socket socket, bool isSample)
    {
        var counter = new EventCounter();
        var received = new SocketAsyncEventArgs();
        received.SetBuffer(new byte[1024]);
        received.Completed += (_, args) => Take(args, pending: false);
        Take(received, pending: true);

        void Take(SocketAsyncEventArgs args, bool pending)
        {
            try
            {
                while (true)
                {
                    if (!pending)
                    {
                        if (args.SocketError != SocketError.Success || args.BytesTransferred == 0)
                        {
                            _countdown.Fail($"A stream ended: {args.SocketError}.");
                            return;
                        }

                        var bytes = args.MemoryBuffer.Span[..args.BytesTransferred];
                        var events = counter.Count(bytes);
                        if (isSample && events > 0)
                        {
                            _sample = EventCounter.LastEvent(bytes);
                        }

                        _countdown.Signal(events);
                    }

                    if (socket.ReceiveAsync(args))
                    {
                        return;
                    }

                    pending = false;
                }
            }
            catch (ObjectDisposedException)
            {
                args.Dispose();
            }
        }
    }
}
