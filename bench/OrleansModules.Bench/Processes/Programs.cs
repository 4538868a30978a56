using OrleansModules.Bench.Reporting;

namespace OrleansModules.Bench.Processes;

/// <summary>Finds the programs that benchmarks start.</summary>
internal static class Programs
{
    /// <summary>The product, of the same configuration as this program.</summary>
    /// <exception cref="BenchException">It was not built.</exception>
    public static string Server
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            var path = Path.Combine(Repository.Root, "src", "OrleansModules.Server", "bin", output.Parent!.Name, output.Name, WithSuffix("OrleansModules.Server"));
            return File.Exists(path) ? path : throw new BenchException("The server is not built: run dotnet build -c Release at the root first.");
        }
    }

    /// <summary>A silo, which is built in configuration Cluster only.</summary>
    /// <exception cref="BenchException">It was not built.</exception>
    public static string Silo
    {
        get
        {
            var path = Path.Combine(Repository.Root, "src", "OrleansModules.Silo", "bin", "Cluster", new DirectoryInfo(AppContext.BaseDirectory).Name, WithSuffix("OrleansModules.Silo"));
            return File.Exists(path) ? path : throw new BenchException("The silo is not built: run dotnet build -c Cluster src/OrleansModules.Silo at the root first. It needs Orleans' packages.");
        }
    }

    /// <summary>The load generator.</summary>
    /// <exception cref="BenchException">It is not installed.</exception>
    public static string Wrk => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(directory => Path.Combine(directory, "wrk")).FirstOrDefault(File.Exists)
        ?? throw new BenchException("The load generator wrk is not on the PATH. Install the package wrk (apt install wrk, brew install wrk) and run again.");

    private static string WithSuffix(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;
}
