using OrleansModules.Bench.Processes;

namespace OrleansModules.Bench.Streams;

/// <summary>Opens streams to one server, makes changes, and notes how long after its answer each event was written.</summary>
/// <param name="server">The server.</param>
/// <param name="paths">The path of each stream.</param>
/// <param name="changes">The paths to post to, one for each change in turn.</param>
internal sealed class WrittenLoad(HttpProcess server, IReadOnlyList<string> paths, IReadOnlyList<string> changes)
{
    private const double MostUnnoted = 0.0001; // a share: too few to move any figure

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    private int _changed;
    private int _unnoted;

    /// <summary>Milliseconds from the answer to each change until each of its events was written; an event that was written before it counts as 0.</summary>
    public List<double> Events { get; } = [];

    /// <summary>The same until the last event of each change.</summary>
    public List<double> Last { get; } = [];

    /// <summary>Makes changes that are not noted: what a server does for the first times, it compiles meanwhile.</summary>
    public async Task WarmUpAsync(int count)
    {
        await RoundAsync(count);
        _unnoted = 0;
        Events.Clear();
        Last.Clear();
    }

    /// <summary>Opens all streams, makes some changes, closes all streams.</summary>
    public async Task RoundAsync(int count)
    {
        using (var streams = new WrittenStreams())
        {
            await streams.OpenAsync(server.Port, paths, Patience);
            await Task.Delay(CloseTime, TimeProvider.System);
            for (var i = 0; i < count; i++)
            {
                using var post = new PlainPost(server.Port);
                post.Send(changes[_changed++ % changes.Count]);
                var answered = TimeProvider.System.GetUtcNow().UtcDateTime; // the clock that the kernel notes by
                var moments = await streams.ReadAsync(Rest, Patience);
                var late = moments.OfType<DateTime>().Select(m => Math.Max(0, (m - answered).TotalMilliseconds)).ToArray();
                _unnoted += moments.Length - late.Length;
                Events.AddRange(late);
                Last.Add(late.Max());
            }
        }

        if (_unnoted > Events.Count * MostUnnoted)
        {
            throw new BenchException($"The kernel did not say of {_unnoted} of {Events.Count + _unnoted} events when they came.");
        }

        await Task.Delay(CloseTime, TimeProvider.System); // until the server noticed
    }
}
