using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using OrleansModules.Bench.Processes;

namespace OrleansModules.Bench.Http;

/// <summary>Runs the load generator once.</summary>
internal static partial class Wrk
{
    /// <summary>Loads an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="headers">Headers of every request, <c>Name: value</c>.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="connections">How many connections stay busy.</param>
    /// <param name="json">The body to post; null gets.</param>
    /// <param name="isSignedIn">Whether to send the token of the configuration.</param>
    /// <exception cref="BenchException">Some request failed.</exception>
    public static async Task<WrkResult> RunAsync(Uri address, IEnumerable<string> headers, int seconds, int connections, string? json = null, bool isSignedIn = true)
    {
        using var directory = new TemporaryDirectory();
        var arguments = new List<string> { "-t", "2", "-c", connections.ToString(CultureInfo.InvariantCulture), "-d", $"{seconds}s", "--latency" };
        foreach (var header in isSignedIn ? headers.Append(HttpProcess.TokenHeader) : headers)
        {
            arguments.AddRange(["-H", header]);
        }

        if (json is not null)
        {
            // The load generator takes a method and a body from a script only.
            var script = Path.Combine(directory.Path, "post.lua");
            await File.WriteAllTextAsync(script, $"wrk.method = \"POST\"\nwrk.body = [==[{json}]==]\nwrk.headers[\"Content-Type\"] = \"application/json\"\n");
            arguments.AddRange(["-s", script]);
        }

        arguments.Add(address.AbsoluteUri);
        using var wrk = Process.Start(new ProcessStartInfo(Programs.Wrk, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!; // null only with UseShellExecute
        try
        {
            var output = await wrk.StandardOutput.ReadToEndAsync();
            await wrk.WaitForExitAsync();
            if (output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal))
            {
                throw new BenchException($"Requests failed at {address}:\n{output}");
            }

            var rate = Rate().Match(output);
            var latency = Tail().Match(output);
            var count = Count().Match(output);
            return rate.Success && latency.Success && count.Success
                ? new WrkResult(double.Parse(rate.Groups["rate"].ValueSpan, CultureInfo.InvariantCulture), latency.Groups["time"].Value, long.Parse(count.Groups["count"].ValueSpan, CultureInfo.InvariantCulture))
                : throw new BenchException($"wrk said nothing to read at {address}:\n{output}");
        }
        finally
        {
            if (!wrk.HasExited)
            {
                wrk.Kill();
            }
        }
    }

    [GeneratedRegex(@"Requests/sec:\s+(?<rate>[0-9.]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"(?<count>[0-9]+) requests in", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Count();

    [GeneratedRegex(@"^[ ]+99%[ ]+(?<time>\S+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tail();
}

/// <summary>What a run reached.</summary>
/// <param name="Rate">Requests per second.</param>
/// <param name="Tail">Latency that 99 of 100 requests stayed under, as wrk writes it.</param>
/// <param name="Requests">Requests that were answered.</param>
internal sealed record WrkResult(double Rate, string Tail, long Requests);
