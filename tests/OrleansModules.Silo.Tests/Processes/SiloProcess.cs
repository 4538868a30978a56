using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrleansModules.Silo.Tests.Processes;

/// <summary>A real silo in a process of its own. Killed when disposed, if it still runs.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private const string Token = "bootstrap-token-of-the-tests";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private volatile bool _isDisposed;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(int advertisedPort, int siloPort, string database)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "OrleansModules.Silo.dll")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["ConnectionStrings__Modules"] = database;
        start.Environment["Modules__BootstrapToken"] = Token;
        start.Environment["Modules__Access__TokenKey"] = "key-of-the-tests-key-of-the-tests";
        start.Environment["Modules__OpenFeature__StreamKey"] = "key-of-the-tests-key-of-the-tests";
        start.Environment["Modules__Cluster__Port"] = advertisedPort.ToString();
        start.Environment["Modules__Cluster__ListenPort"] = siloPort.ToString();
        // Three silos, their database and the tests share two processors: a silo that waits for one is not dead.
        start.Environment["Modules__Cluster__ProbeTimeout"] = "00:00:01.500";
        start.Environment["Modules__Cluster__DrainDelay"] = "00:00:00.200";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        Client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        _process = Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
        Id = _process.Id;
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"The silo ended: {Output}"));
        _process.OutputDataReceived += (_, e) => Note(e.Data);
        _process.ErrorDataReceived += (_, e) => Note(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Calls it; of use when it is ready.</summary>
    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(10) };

    public int Id { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>As <see cref="HasExited"/>, and true as well after it was disposed.</summary>
    public bool HasEnded => _isDisposed || _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Output => string.Join('\n', _lines);

    /// <summary>Starts a silo; await <see cref="ReadyAsync"/> before using it.</summary>
    /// <param name="advertisedPort">Where other silos find it.</param>
    /// <param name="siloPort">Where it listens for them.</param>
    /// <param name="database">The connection string.</param>
    public static SiloProcess Start(int advertisedPort, int siloPort, string database) => new(advertisedPort, siloPort, database);

    public async Task<SiloProcess> ReadyAsync()
    {
        await _ready.Task.WaitAsync(Patience);
        return this;
    }

    public void Kill() => _process.Kill();

    public void Freeze() => Signal(19);

    public void Thaw() => Signal(18);

    /// <summary>Asks it to leave, and waits until it has.</summary>
    public async Task<int> StopAsync()
    {
        Signal(15);
        return await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        Client.Dispose();
        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        if (line.IndexOf("Ready on ", StringComparison.Ordinal) is var at && at >= 0)
        {
            Client.BaseAddress = new Uri(line[(at + "Ready on ".Length)..].Split(' ', ',')[0]);
            _ready.TrySetResult();
        }
    }

    private void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            Assert.Equal(0, SendSignal(_process.Id, signal));
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int processId, int signal);
}
