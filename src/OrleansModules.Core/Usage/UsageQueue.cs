using System.Threading.Channels;
using OrleansModules.Core.Stores;

namespace OrleansModules.Core.Usage;

/// <summary>Takes usage events at once and writes them in bulk behind the caller's back. What does not fit is dropped and counted.</summary>
/// <remarks>Safe for concurrent use. Events wait in memory while the store is away; they are lost with the process.</remarks>
public sealed class UsageQueue(IUsageStore store, TimeProvider time, int capacity = UsageQueue.DefaultCapacity)
{
    /// <summary>Events that wait at most, where nothing else is said.</summary>
    public const int DefaultCapacity = 50_000;

    private const int BatchSize = 1000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Channel<UsageEvent> _waiting = Channel.CreateBounded<UsageEvent>(new BoundedChannelOptions(capacity) { SingleReader = true });
    private long _dropped;
    private long _written;

    /// <summary>Events dropped since the process started because the queue was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Events written since the process started.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Events that wait.</summary>
    public int Waiting => _waiting.Reader.Count;

    /// <summary>Takes events.</summary>
    /// <returns>How many were taken; the rest is dropped and counted.</returns>
    public int Add(IReadOnlyCollection<UsageEvent> events)
    {
        var taken = 0;
        foreach (var one in events)
        {
            if (!_waiting.Writer.TryWrite(one))
            {
                break;
            }

            taken++;
        }

        Interlocked.Add(ref _dropped, events.Count - taken);
        return taken;
    }

    /// <summary>Writes what waits until it is cancelled, then tries once to write the rest.</summary>
    /// <param name="failed">Told of each failure of the store; the batch is tried again a second later.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<StoreException> failed, CancellationToken cancellationToken)
    {
        var batch = new List<UsageEvent>(BatchSize);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
            {
                Fill(batch);
                while (!await TryWriteAsync(batch, failed, cancellationToken))
                {
                    await Task.Delay(RetryAfter, time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Below the rest is written, what was being written included.
        }

        for (Fill(batch); batch.Count > 0 && await TryWriteAsync(batch, failed, CancellationToken.None); Fill(batch))
        {
        }

        Interlocked.Add(ref _dropped, batch.Count + _waiting.Reader.Count);
    }

    private void Fill(List<UsageEvent> batch)
    {
        while (batch.Count < BatchSize && _waiting.Reader.TryRead(out var one))
        {
            batch.Add(one);
        }
    }

    private async Task<bool> TryWriteAsync(List<UsageEvent> batch, Action<StoreException> failed, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteAsync(batch, cancellationToken);
        }
        catch (StoreException e)
        {
            failed(e);
            return false;
        }

        Interlocked.Add(ref _written, batch.Count);
        batch.Clear();
        return true;
    }
}
