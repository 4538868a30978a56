namespace OrleansModules.Bench.Reporting;

/// <summary>Finds the root of the source tree.</summary>
internal static class Repository
{
    /// <summary>The directory that has the solution file.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "OrleansModules.sln")))
            {
                return directory.FullName;
            }
        }

        throw new BenchException("The benchmarks run from their source tree: no OrleansModules.sln was found above the program.");
    }
}
