using System.Net;
using System.Net.Sockets;

namespace OrleansModules.Silo.Tests.Processes;

/// <summary>One connection from a silo to another, through the door of the second.</summary>
internal sealed class SiloLink : IDisposable
{
    private readonly TcpClient _incoming;
    private readonly TcpClient _outgoing;
    private readonly Action<SiloLink> _ended;
    private volatile TaskCompletionSource? _held;

    private SiloLink(int from, int to, TcpClient incoming, TcpClient outgoing, Action<SiloLink> ended) => (From, To, _incoming, _outgoing, _ended) = (from, to, incoming, outgoing, ended);

    /// <summary>Who opened it.</summary>
    public int From { get; }

    /// <summary>Whom it leads to.</summary>
    public int To { get; }

    /// <summary>Connects to a silo.</summary>
    /// <returns>Null where it does not listen.</returns>
    public static SiloLink? TryOpen(int from, int to, TcpClient incoming, int port, Action<SiloLink> ended)
    {
        try
        {
            return new SiloLink(from, to, incoming, new TcpClient(IPAddress.Loopback.ToString(), port), ended);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Begins to pass on what comes.</summary>
    public void Start()
    {
        _ = PassAsync(_incoming, _outgoing);
        _ = PassAsync(_outgoing, _incoming);
    }

    /// <summary>Keeps what comes until <see cref="Release"/>.</summary>
    public void Hold() => _held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Passes on what was kept.</summary>
    public void Release()
    {
        var held = _held;
        _held = null;
        held?.TrySetResult();
    }

    /// <summary>Breaks it.</summary>
    public void Dispose()
    {
        _incoming.Dispose();
        _outgoing.Dispose();
        Release();
        _ended(this);
    }

    private async Task PassAsync(TcpClient from, TcpClient to)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            from.NoDelay = to.NoDelay = true;
            while (await from.GetStream().ReadAsync(buffer) is > 0 and var count)
            {
                await (_held?.Task ?? Task.CompletedTask);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two is gone, or the link was broken.
        }

        Dispose();
    }
}
