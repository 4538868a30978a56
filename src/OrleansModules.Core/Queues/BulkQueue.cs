using System.Threading.Channels;
using OrleansModules.Core.Stores;

namespace OrleansModules.Core.Queues;

/// <summary>Takes items at once and writes them in bulk behind the caller's back, in order. What does not fit is dropped and counted.</summary>
/// <remarks>Safe for concurrent use. Items wait in memory while the store is away; they are lost with the process.</remarks>
/// <typeparam name="T">What is written.</typeparam>
/// <param name="write">Writes a batch, all or none. Its failures are <see cref="StoreException"/>.</param>
/// <param name="time">The clock.</param>
/// <param name="capacity">How many items wait at most, at least 1.</param>
public class BulkQueue<T>(Func<IReadOnlyCollection<T>, CancellationToken, ValueTask> write, TimeProvider time, int capacity)
{
    private const int BatchSize = 1000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Channel<T> _waiting = Channel.CreateBounded<T>(new BoundedChannelOptions(capacity) { SingleReader = true });
    private readonly List<T> _batch = new(BatchSize);
    private volatile TaskCompletionSource _progress = NewProgress();
    private volatile bool _isFailing;
    private long _taken;
    private long _dropped;
    private long _lost;
    private long _written;

    /// <summary>Items dropped since the process started, for whatever reason.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Items written since the process started.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Items that were taken and are not written yet, those of the batch under way included.</summary>
    public long Waiting => Math.Max(0, Interlocked.Read(ref _taken) - Settled);

    /// <summary>Whether the store is away, as far as the last try to write told.</summary>
    public bool IsFailing => _isFailing;

    private long Settled => Interlocked.Read(ref _written) + Interlocked.Read(ref _lost);

    /// <summary>Takes items.</summary>
    /// <returns>How many were taken, from the first on; the rest is dropped and counted.</returns>
    public int Add(IReadOnlyCollection<T> items)
    {
        var taken = 0;
        foreach (var one in items)
        {
            if (!_waiting.Writer.TryWrite(one))
            {
                break;
            }

            taken++;
        }

        Interlocked.Add(ref _taken, taken);
        Interlocked.Add(ref _dropped, items.Count - taken);
        return taken;
    }

    /// <summary>Waits until everything that was taken before is written or lost. Does not wait while the store is away.</summary>
    /// <param name="patience">How long at most.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>False where some still waits.</returns>
    public async ValueTask<bool> FlushAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var goal = Interlocked.Read(ref _taken);
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        while (true)
        {
            var progress = _progress.Task; // before the look, so that none is missed
            if (Settled >= goal)
            {
                return true;
            }

            if (_isFailing)
            {
                return false;
            }

            try
            {
                await progress.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    /// <summary>Writes what waits until it is cancelled, then tries once to write the rest. Runs once.</summary>
    /// <param name="failed">Told when the store begins to fail, not of each further try, which is made a second later; and of each batch that it never takes, which is lost.</param>
    /// <param name="recovered">Told when it takes items again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<StoreException> failed, Action recovered, CancellationToken cancellationToken)
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
            {
                Fill();
                while (!await TryWriteAsync(failed, recovered, cancellationToken))
                {
                    await Task.Delay(RetryAfter, time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Below the rest is written, what was being written included.
        }

        _waiting.Writer.TryComplete();
        for (Fill(); _batch.Count > 0 && await TryWriteAsync(failed, recovered, CancellationToken.None); Fill())
        {
        }

        Lose(_batch.Count + _waiting.Reader.Count);
    }

    private void Fill()
    {
        while (_batch.Count < BatchSize && _waiting.Reader.TryRead(out var one))
        {
            _batch.Add(one);
        }
    }

    private async Task<bool> TryWriteAsync(Action<StoreException> failed, Action recovered, CancellationToken cancellationToken)
    {
        try
        {
            await write(_batch, cancellationToken);
        }
        catch (StoreException e) when (e.Failure == StoreFailure.Corrupt)
        {
            // Refused for what it is: another try would end the same way, and what comes after would never be written.
            failed(e);
            Lose(_batch.Count);
            _batch.Clear();
            return true;
        }
        catch (StoreException e)
        {
            if (!_isFailing)
            {
                _isFailing = true;
                failed(e);
                Tell();
            }

            return false;
        }

        if (_isFailing)
        {
            _isFailing = false;
            recovered();
        }

        Interlocked.Add(ref _written, _batch.Count);
        _batch.Clear();
        Tell();
        return true;
    }

    private void Lose(int items)
    {
        Interlocked.Add(ref _dropped, items);
        Interlocked.Add(ref _lost, items);
        Tell();
    }

    private void Tell() => Interlocked.Exchange(ref _progress, NewProgress()).TrySetResult();

    private static TaskCompletionSource NewProgress() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
