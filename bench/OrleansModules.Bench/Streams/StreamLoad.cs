using System.Diagnostics;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Reporting;

namespace OrleansModules.Bench.Streams;

/// <summary>Opens streams to one server, makes changes, and notes how long each takes to reach the last stream.</summary>
/// <param name="server">The server.</param>
/// <param name="paths">The path of each stream.</param>
/// <param name="changes">The paths to post to, one for each change in turn.</param>
internal sealed class StreamLoad(HttpProcess server, IReadOnlyList<string> paths, IReadOnlyList<string> changes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    private int _changed;

    /// <summary>Milliseconds from sending each change to the last event.</summary>
    public List<double> FromSent { get; } = [];

    /// <summary>Milliseconds from the answer to each change to the last event.</summary>
    public List<double> FromAnswer { get; } = [];

    /// <summary>Memory that a stream costs the server, in bytes, as of the first round.</summary>
    public double? BytesPerStream { get; private set; }

    /// <summary>Opens all streams, makes some changes, closes all streams.</summary>
    public async Task RoundAsync(int count)
    {
        var before = server.ResidentBytes;
        using (var streams = new EventStreams())
        {
            await streams.OpenAsync(server.Port, paths, Patience);
            await Task.Delay(CloseTime, TimeProvider.System);
            BytesPerStream ??= (double)(server.ResidentBytes - before) / paths.Count;
            for (var i = 0; i < count; i++)
            {
                await ChangeAsync(streams);
            }
        }

        await Task.Delay(CloseTime, TimeProvider.System); // until the server noticed
    }

    /// <summary>The text of one event that a change causes. Makes two changes.</summary>
    public async Task<byte[]> SampleAsync()
    {
        using var streams = new EventStreams();
        await streams.OpenAsync(server.Port, [paths[0]], Patience);
        await ChangeAsync(streams);
        await ChangeAsync(streams);
        FromSent.Clear();
        FromAnswer.Clear();
        return streams.Sample.ToArray();
    }

    private async Task ChangeAsync(EventStreams streams)
    {
        await Task.Delay(Quiet, TimeProvider.System);
        var next = streams.NextAsync();
        using var post = new PlainPost(server.Port);
        var (sent, answered) = post.Send(changes[_changed++ % changes.Count]);
        var last = await next.WaitAsync(Patience, TimeProvider.System);
        FromSent.Add(Stopwatch.GetElapsedTime(sent, last).TotalMilliseconds);
        FromAnswer.Add(Math.Max(0, Stopwatch.GetElapsedTime(answered, last).TotalMilliseconds));
    }

    /// <summary>Median and worst, for a result.</summary>
    public static string Describe(List<double> milliseconds) => $"{Figures.With(Figures.Median(milliseconds), "ms", "0")} (worst {Figures.With(milliseconds.Max(), "ms", "0")})";
}
