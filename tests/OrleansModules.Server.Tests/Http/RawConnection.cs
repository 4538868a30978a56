using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OrleansModules.Server.Tests.Http;

/// <summary>A connection on which a test writes every byte itself.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _client;

    private RawConnection(TcpClient client) => _client = client;

    /// <summary>Connects.</summary>
    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        return new RawConnection(client);
    }

    /// <summary>Sends a request on a new connection and waits for the status of its answer.</summary>
    public static async Task<int> StatusAsync(Uri server, string request)
    {
        using var connection = await OpenAsync(server);
        await connection.SendAsync(request);
        return await connection.StatusAsync();
    }

    /// <summary>Sends text.</summary>
    /// <remarks>A server that has seen enough closes its side while the rest is still sent.</remarks>
    public async Task SendAsync(string text)
    {
        try
        {
            await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
        }
        catch (IOException)
        {
            // Its answer is what counts.
        }
    }

    /// <summary>Waits for the status of an answer.</summary>
    /// <returns>0 where the connection was closed without one.</returns>
    public async Task<int> StatusAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var (line, one) = (new StringBuilder(), new byte[1]);
        while (line.Length < 12)
        {
            if (await _client.GetStream().ReadAsync(one, patience.Token) == 0)
            {
                return 0;
            }

            line.Append((char)one[0]);
        }

        return int.Parse(line.ToString(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
