using System.Runtime.InteropServices;

namespace OrleansModules.Bench.Reporting;

/// <summary>What a result was measured on, in general terms.</summary>
internal static class Machine
{
    /// <summary>Cores, memory, system, runtime, build.</summary>
    public static string Describe()
    {
        var gibibytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        return $"{Environment.ProcessorCount} cores, {Figures.With(gibibytes, "GiB", "0")} memory, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}, {Build} build";
    }

#if DEBUG
    private const string Build = "DEBUG";
#else
    private const string Build = "Release";
#endif
}
