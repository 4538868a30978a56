using System.Globalization;

namespace OrleansModules.Bench.Reporting;

/// <summary>How much of the processors' time the host of a virtual machine gave to others since this was made: while it does, nothing here runs.</summary>
internal sealed class StolenTime
{
    private const string Source = "/proc/stat";
    private const int Fields = 8; // user, nice, system, idle, iowait, irq, softirq, steal: proc(5)

    private readonly (double Stolen, double All) _before = Read();

    /// <summary>A sentence with the share; empty where the system does not tell.</summary>
    public string Describe()
    {
        var (stolen, all) = Read();
        var share = (stolen - _before.Stolen) / (all - _before.All);
        return all > _before.All ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} % of the processors' time was taken by the machine's host") : "";
    }

    // The first line: "cpu", then clock ticks of all processors since the start.
    private static (double Stolen, double All) Read()
    {
        if (!File.Exists(Source))
        {
            return (0, 0);
        }

        var ticks = File.ReadLines(Source).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(Fields).Select(t => double.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        return (ticks[^1], ticks.Sum());
    }
}
