using System.Globalization;

namespace OrleansModules.Bench.Streams;

/// <summary>The limit of open files, which is one of open connections too.</summary>
internal static class OpenFiles
{
    private const int Spare = 500;

    /// <summary>Refuses more streams than a process may open.</summary>
    /// <exception cref="BenchException">The limit is too low.</exception>
    public static void Require(int streams)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // "Max open files            20000                20000                files"; the runtime has raised the first to the second.
        var line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (long.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit < streams + Spare)
        {
            throw new BenchException($"{streams:N0} streams need a limit of at least {streams + Spare:N0} open files, but it is {limit:N0}. Raise it (ulimit -n {streams + Spare}) or ask for fewer with --streams.");
        }
    }
}
