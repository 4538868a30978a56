using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using OrleansModules.Server.Tests.Http;

namespace OrleansModules.Server.Tests.Processes;

/// <summary>The real server in a process of its own.</summary>
/// <remarks>Killed when disposed, if it still runs.</remarks>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int SigTerm = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly Process _process;
    private readonly OutputLines _output = new();
    private readonly OutputLines _error = new();

    private ServerProcess(ServerSetup setup)
    {
        _process = Process.Start(setup.ToStartInfo()) ?? throw new InvalidOperationException("No process was started.");
        _process.OutputDataReceived += (_, e) => _output.Add(e.Data);
        _process.ErrorDataReceived += (_, e) => _error.Add(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it listens; null before it is ready.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Calls it.</summary>
    public ModulesClient Client { get; private set; } = ModulesClient.Nowhere;

    /// <summary>Lines of standard output so far.</summary>
    public IReadOnlyList<string> Output => _output.ToArray();

    /// <summary>Starts a server and waits until it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended instead, or was not ready in time; the message holds what it printed.</exception>
    public static async Task<ServerProcess> StartAsync(ServerSetup setup)
    {
        var server = new ServerProcess(setup);
        using var patience = new CancellationTokenSource(Patience);
        if (await server._output.FindAsync(line => line.Contains("Ready on ", StringComparison.Ordinal), patience.Token) is not { } ready)
        {
            server.Kill();
            throw new InvalidOperationException($"The server did not get ready: {await server.ExitAsync()}");
        }

        server.Address = new Uri(AddressPattern().Match(ready).Value);
        server.Client = new ModulesClient(server.Address);
        return server;
    }

    /// <summary>Starts a server that is to end by itself.</summary>
    public static async Task<ServerExit> RunAsync(ServerSetup setup)
    {
        await using var server = new ServerProcess(setup);
        return await server.ExitAsync();
    }

    /// <summary>Starts a server and kills it at the first line it prints, while it still starts.</summary>
    public static async Task KillWhileStartingAsync(ServerSetup setup)
    {
        await using var server = new ServerProcess(setup);
        using var patience = new CancellationTokenSource(Patience);
        await server._output.FindAsync(_ => true, patience.Token);
        server.Kill();
        await server.ExitAsync();
    }

    /// <summary>Ends it at once (SIGKILL).</summary>
    public void Kill() => _process.Kill();

    /// <summary>Asks it to end (SIGTERM).</summary>
    public void Terminate() => Assert.Equal(0, SendSignal(_process.Id, SigTerm));

    /// <summary>Asks it to end and waits until it has.</summary>
    public Task<ServerExit> StopAsync()
    {
        Terminate();
        return ExitAsync();
    }

    /// <summary>Waits until it has ended.</summary>
    public async Task<ServerExit> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new InvalidOperationException($"The server did not end: {new ServerExit(-1, _output.ToArray(), _error.ToArray())}", e);
        }

        return new ServerExit(_process.ExitCode, _output.ToArray(), _error.ToArray());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        Client.Dispose();
        _process.Dispose();
    }

    [GeneratedRegex(@"https?://[^\s,]+", RegexOptions.NonBacktracking)]
    private static partial Regex AddressPattern();

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int processId, int signal);
}
