using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansModules.Bench.Processes;

namespace OrleansModules.Bench.Streams;

/// <summary>Sends requests over a connection of its own on the calling thread, so that the moment of the answer is not behind ten thousand events in a queue.</summary>
internal sealed class PlainPost : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly int _port;

    /// <summary>Connects.</summary>
    /// <param name="port">Of a server on this machine.</param>
    public PlainPost(int port)
    {
        _port = port;
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>Posts without a body.</summary>
    /// <returns>When it was sent and when the answer came, as timestamps of <see cref="Stopwatch"/>.</returns>
    /// <exception cref="BenchException">The answer was no success.</exception>
    public (long Sent, long Answered) Send(string path)
    {
        var request = Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{_port}\r\n{HttpProcess.TokenHeader}\r\nContent-Length: 0\r\n\r\n");
        while (_socket.Available > 0)
        {
            _socket.Receive(_buffer); // what is left of the answer before
        }

        var sent = Stopwatch.GetTimestamp();
        _socket.Send(request);
        var length = _socket.Receive(_buffer);
        var answered = Stopwatch.GetTimestamp();
        var head = Encoding.ASCII.GetString(_buffer, 0, length);
        return head.StartsWith("HTTP/1.1 2", StringComparison.Ordinal) ? (sent, answered) : throw new BenchException($"POST {path} answered:\n{head}");
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
