using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrleansModules.Server.Tests.Processes;

/// <summary>What a server is started with.</summary>
/// <param name="DataDirectory">Its journal; null for the default, <c>data</c> under the working directory.</param>
/// <param name="WorkingDirectory">Where it runs.</param>
internal sealed record ServerSetup(string? DataDirectory, string WorkingDirectory)
{
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT", "LANG"];

    /// <summary>A server on a free port with its data in a test's directory.</summary>
    public static ServerSetup In(TempDirectory directory) => new(directory.Data, directory.Path);

    /// <summary>The address; port 0 takes a free one.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>Environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A command to run instead of serving, with its arguments.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The same with one more environment variable.</summary>
    public ServerSetup With(string name, string value) =>
        this with { Environment = new Dictionary<string, string>(Environment, StringComparer.Ordinal) { [name] = value } };

    /// <summary>The command line. Of the environment of the tests only what every program needs is handed on.</summary>
    public ProcessStartInfo ToStartInfo()
    {
        var info = new ProcessStartInfo(DotnetPath())
        {
            WorkingDirectory = WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var name in info.Environment.Keys.Except(Inherited, StringComparer.Ordinal).ToArray())
        {
            info.Environment.Remove(name);
        }

        if (DataDirectory is not null)
        {
            info.Environment["Modules__DataDirectory"] = DataDirectory;
        }

        foreach (var (name, value) in Environment)
        {
            info.Environment[name] = value;
        }

        info.ArgumentList.Add("exec");
        info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "OrleansModules.Server.dll"));
        foreach (var word in Command)
        {
            info.ArgumentList.Add(word);
        }

        info.ArgumentList.Add("--urls");
        info.ArgumentList.Add(Urls);
        return info;
    }

    // shared/Microsoft.NETCore.App/<version>/ lies beside the program that runs it.
    private static string DotnetPath() =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
