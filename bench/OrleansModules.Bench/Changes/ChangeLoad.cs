using System.Diagnostics;

namespace OrleansModules.Bench.Changes;

/// <summary>Lets concurrent callers make changes for some time.</summary>
internal static class ChangeLoad
{
    /// <summary>The changes per second that all callers reached together.</summary>
    public static async Task<double> RunAsync(IChanger changer, int callers, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller))));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;

        async Task<long> CallAsync(int caller)
        {
            var number = 0;
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                await changer.ChangeAsync(caller, number++);
            }

            return number;
        }
    }
}
