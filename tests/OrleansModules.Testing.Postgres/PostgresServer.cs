using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace OrleansModules.Testing.Postgres;

/// <summary>A PostgreSQL server on a free port of the loopback address, with its data in a temporary directory.</summary>
/// <remarks>Anyone on this computer may connect, as any role, without a password. Members are not safe for concurrent use.</remarks>
public sealed class PostgresServer : IDisposable
{
    private const string Prefix = "orleansmodules-pg-";

    private readonly string _home;
    private readonly string[] _settings;

    private PostgresServer(string home, int port, string[] settings)
    {
        (_home, Port, _settings) = (home, port, settings);
    }

    /// <summary>The port; stays the same over restarts.</summary>
    public int Port { get; }

    /// <summary>What the server has logged since its first start.</summary>
    public string Log => File.ReadAllText(Path.Combine(_home, "log"));

    private string Data => Path.Combine(_home, "data");

    /// <summary>Makes a new server and starts it.</summary>
    /// <param name="settings">
    /// More settings, as <c>max_connections=20</c>. Without <c>fsync=on</c> the server does not flush, which a crash of the server survives and a crash of the computer does not.
    /// </param>
    public static PostgresServer Start(params string[] settings)
    {
        RemoveLeftBehind();
        var home = Path.Combine(Path.GetTempPath(), $"{Prefix}{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-{Guid.NewGuid().ToString("N")[..8]}");
        PostgresBinaries.Run("mkdir", "-m", "700", home);
        PostgresBinaries.Run("initdb", "-D", Path.Combine(home, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N");
        for (var attempt = 1; ; attempt++)
        {
            var server = new PostgresServer(home, FreePort(), settings);
            try
            {
                server.StartAgain();
                return server;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                // Another process took the port meanwhile.
            }
            catch
            {
                server.Remove();
                throw;
            }
        }
    }

    /// <summary>Starts the server after <see cref="Stop"/>.</summary>
    public void StartAgain()
    {
        string[] settings =
        [
            $"port={Port.ToString(CultureInfo.InvariantCulture)}", "listen_addresses=127.0.0.1", $"unix_socket_directories={_home}", "fsync=off", "shared_buffers=64MB", "jit=off", .. _settings,
        ];
        PostgresBinaries.Run("pg_ctl", "-D", Data, "-w", "-t", "60", "-l", Path.Combine(_home, "log"), "-o", string.Join(' ', settings.Select(s => $"-c {s}")), "start");
    }

    /// <summary>Stops the server and waits until it has ended.</summary>
    /// <param name="immediate">As in a crash: nothing is written any more, connections break, the next start recovers. Otherwise sessions are ended in order.</param>
    public void Stop(bool immediate) => PostgresBinaries.Run("pg_ctl", "-D", Data, "-w", "-t", "60", "-m", immediate ? "immediate" : "fast", "stop");

    /// <summary>Stops the server and starts it again.</summary>
    /// <param name="immediate">As for <see cref="Stop"/>.</param>
    public void Restart(bool immediate)
    {
        Stop(immediate);
        StartAgain();
    }

    /// <summary>How to connect.</summary>
    /// <param name="database">Which database.</param>
    /// <param name="user">As which role; it must exist.</param>
    public string ConnectionString(string database = "postgres", string user = "postgres") =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Database = database, Username = user, Timeout = 15 }.ConnectionString;

    /// <summary>Stops the server and removes its directory.</summary>
    public void Dispose() => Remove();

    /// <summary>As <see cref="Dispose"/>, but without waiting: for the end of the process, which waits for nobody.</summary>
    internal void RemoveLater() =>
        PostgresBinaries.StartOnly("sh", "-c", $"'{Path.Combine(PostgresBinaries.Directory, "pg_ctl")}' -D '{Data}' -w -m immediate stop >/dev/null 2>&1; rm -rf '{_home}'");

    private void Remove() => Remove(_home);

    private static void Remove(string home)
    {
        var data = Path.Combine(home, "data");
        if (File.Exists(Path.Combine(data, "postmaster.pid")))
        {
            try
            {
                PostgresBinaries.Run("pg_ctl", "-D", data, "-w", "-t", "30", "-m", "immediate", "stop");
            }
            catch (InvalidOperationException)
            {
                // It has ended already, and could not remove its file.
            }
        }

        PostgresBinaries.Run("rm", "-rf", home);
    }

    // A test run that was killed could not stop its server.
    private static void RemoveLeftBehind()
    {
        foreach (var home in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.GetFileName(home)[Prefix.Length..].Split('-')[0];
            if (!Directory.Exists($"/proc/{owner}"))
            {
                Remove(home);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
