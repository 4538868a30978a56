using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansModules.Postgres.Tests;

/// <summary>Stands between a store and its database, and breaks connections as told.</summary>
internal sealed class CuttingProxy : IDisposable
{
    // Only a commit sends a change record.
    private static readonly byte[] CommitSign = Encoding.ASCII.GetBytes("\"record\":");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _databasePort;
    private Cut _armed;

    /// <summary>Begins to listen.</summary>
    public CuttingProxy(int databasePort)
    {
        _databasePort = databasePort;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>What may be lost of a commit.</summary>
    public enum Cut
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>The request: the database never sees it.</summary>
        Request,

        /// <summary>The answer: the database has made the commit.</summary>
        Answer,
    }

    /// <summary>How often something was cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>Whether new connections are refused.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether to refuse connections from the next cut on.</summary>
    public bool CloseAfterCut { get; set; }

    /// <summary>Cuts the next commit that passes.</summary>
    public void CutNextCommit(Cut cut) => _armed = cut;

    /// <summary>How to connect through this.</summary>
    public string Through(string connectionString) =>
        string.Create(CultureInfo.InvariantCulture, $"{connectionString};Port={((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                if (IsClosed)
                {
                    client.Close();
                    continue;
                }

                _ = PassAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var database = new TcpClient { NoDelay = true };
        using (client)
        {
            try
            {
                await database.ConnectAsync(IPAddress.Loopback, _databasePort);
                var awaitsCut = false;
                var there = PassAsync(client, database, request =>
                {
                    if (_armed == Cut.None || request.IndexOf(CommitSign) < 0)
                    {
                        return true;
                    }

                    awaitsCut = _armed == Cut.Answer;
                    var passes = awaitsCut;
                    _armed = Cut.None;
                    Count(!passes);
                    return passes;
                });
                var back = PassAsync(database, client, _ =>
                {
                    Count(awaitsCut);
                    return !awaitsCut;
                });
                await Task.WhenAny(there, back);
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
            {
                // One side is gone, so the other goes too.
            }
        }
    }

    private void Count(bool isCut)
    {
        Cuts += isCut ? 1 : 0;
        IsClosed = IsClosed || (isCut && CloseAfterCut);
    }

    private delegate bool Judge(ReadOnlySpan<byte> bytes);

    private static async Task PassAsync(TcpClient from, TcpClient to, Judge passes)
    {
        var buffer = new byte[64 << 10];
        from.NoDelay = true;
        while (await from.GetStream().ReadAsync(buffer) is var read and > 0 && passes(buffer.AsSpan(0, read)))
        {
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
