using System.Diagnostics;

namespace OrleansModules.Testing.Postgres;

/// <summary>The PostgreSQL programs of this computer, and how to run them. Safe for concurrent use.</summary>
public static class PostgresBinaries
{
    private static readonly Lazy<string> Found = new(Find);

    /// <summary>Where the programs are.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public static string Directory => Found.Value;

    /// <summary>Runs a program to its end, as a user that PostgreSQL accepts: it refuses to run as root.</summary>
    /// <param name="program">A name of a PostgreSQL program, or of any other.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it wrote.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has what it wrote.</exception>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(Prepare(program, arguments))!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.Result}{output}");
    }

    /// <summary>Starts a program and does not wait for it; it goes on when this process ends.</summary>
    internal static void StartOnly(string program, params string[] arguments) => Process.Start(Prepare(program, arguments))!.Dispose();

    private static ProcessStartInfo Prepare(string program, string[] arguments)
    {
        var own = Path.Combine(Directory, program);
        var path = File.Exists(own) ? own : program;
        string[] command = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", path, .. arguments] : [path, .. arguments];
        return new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
    }

    private static string Find()
    {
        var versions = System.IO.Directory.Exists("/usr/lib/postgresql") ? System.IO.Directory.GetDirectories("/usr/lib/postgresql") : [];
        var places = versions.OrderByDescending(v => int.TryParse(Path.GetFileName(v), out var number) ? number : 0).Select(v => Path.Combine(v, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        return places.FirstOrDefault(p => File.Exists(Path.Combine(p, "initdb")) && File.Exists(Path.Combine(p, "postgres")))
            ?? throw new InvalidOperationException(
                "These tests start a PostgreSQL of their own and found no 'initdb' and 'postgres' in /usr/lib/postgresql/*/bin or PATH: install the Debian package 'postgresql' (15 or later).");
    }
}
