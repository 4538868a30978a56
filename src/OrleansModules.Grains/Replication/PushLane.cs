using System.Collections.Concurrent;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Replication;
using OrleansModules.Grains.Wire;

namespace OrleansModules.Grains.Replication;

/// <summary>Sends changes to one silo: at once when nothing is under way, otherwise together with what else waits by then.</summary>
internal sealed class PushLane : IDisposable
{
    private const int KnownAcks = 1024;

    private readonly CancellationTokenSource _gone = new();
    private readonly ConcurrentQueue<(long Position, DateTimeOffset At)> _acks = new();
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly Outbox _outbox;
    private readonly ReplicaClient _client;
    private readonly ClusterMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private int _signalled;
    private long _waitingSince;
    private long _position;

    public PushLane(SiloAddress silo, Outbox outbox, ReplicaClient client, ClusterMetrics metrics, TimeProvider time, ILogger logger)
    {
        (Silo, _outbox, _client, _metrics, _time, _logger) = (silo, outbox, client, metrics, time, logger);
        _ = Task.Run(RunAsync);
    }

    /// <summary>The silo.</summary>
    public SiloAddress Silo { get; }

    /// <summary>Scopes with changes that the silo has not taken yet.</summary>
    public int Depth => _outbox.Depth;

    /// <summary>How often what waited was let go because it was too much.</summary>
    public long Resyncs => _outbox.Resyncs;

    /// <summary>The position of the feed that the silo last said it has.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>When the silo said that it has everything up to a position; null where it has not, or that is long ago.</summary>
    public DateTimeOffset? TookAt(long position)
    {
        foreach (var ack in _acks)
        {
            if (ack.Position >= position)
            {
                return ack.At;
            }
        }

        return null;
    }

    public void Push(long epoch, ChangeRecord change, Layer after)
    {
        Interlocked.CompareExchange(ref _waitingSince, _time.GetTimestamp(), 0);
        _outbox.Add(epoch, change, after);
        if (Interlocked.Exchange(ref _signalled, 1) == 0)
        {
            _work.Release();
        }
    }

    public void Dispose() => _gone.Cancel();

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _work.WaitAsync(_gone.Token);
                Interlocked.Exchange(ref _signalled, 0);
                while (_outbox.TakeNext() is { } batch)
                {
                    await SendAsync(batch);
                    if (_outbox.Pause is var pause && pause > TimeSpan.Zero)
                    {
                        await Task.Delay(pause, _time, _gone.Token);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            _gone.Dispose();
            _work.Dispose();
        }
    }

    private async Task SendAsync(PushBatch batch)
    {
        var since = Interlocked.Exchange(ref _waitingSince, 0);
        try
        {
            var ack = await _client.PushAsync(Silo, PushWire.ToMessage(batch));
            Note(ack.Position);
            if (since != 0)
            {
                _metrics.Propagated(Silo, _time.GetElapsedTime(since));
            }

            _outbox.Ended(delivered: true);
        }
        catch (Exception e) when (e is not OperationCanceledException || !_gone.IsCancellationRequested)
        {
            // Whatever the reason, among them what an older silo cannot read: the lane goes on, or that silo would never be pushed to again.
            GrainsLog.PushFailed(_logger, Silo, _outbox.Depth, e.Message);
            _metrics.PushFailed(Silo);
            Interlocked.CompareExchange(ref _waitingSince, since, 0);
            _outbox.Ended(delivered: false);
        }
    }

    private void Note(long position)
    {
        Interlocked.Exchange(ref _position, position);
        _acks.Enqueue((position, _time.GetUtcNow()));
        while (_acks.Count > KnownAcks)
        {
            _acks.TryDequeue(out _);
        }
    }
}
