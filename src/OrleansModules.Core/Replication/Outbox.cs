using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Replication;

/// <summary>What waits to be sent to one node: one entry a scope, however many changes, and one batch under way at a time.</summary>
/// <remarks>Safe for concurrent use. Bounded: what does not fit is left to the receiver, who pulls it from the feed.</remarks>
public sealed class Outbox(string origin, OutboxOptions options)
{
    private readonly Lock _gate = new();
    private Dictionary<ScopeId, WaitingScope> _waiting = [];
    private Dictionary<ScopeId, WaitingScope>? _underWay;
    private long _epoch;
    private long _underWayEpoch;
    private long _head;
    private long _sentHead;
    private long _number;
    private int _failures;

    /// <summary>Scopes with changes that the node has not taken yet.</summary>
    public int Depth
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count + (_underWay?.Count ?? 0);
            }
        }
    }

    /// <summary>How often what waits was let go because it was too much.</summary>
    public long Resyncs { get; private set; }

    /// <summary>How long to wait before the next try: zero after a success.</summary>
    public TimeSpan Pause
    {
        get
        {
            lock (_gate)
            {
                var doubled = options.FirstPause * Math.Pow(2, Math.Min(_failures, 20) - 1);
                return _failures == 0 ? TimeSpan.Zero : doubled < options.LongestPause ? doubled : options.LongestPause;
            }
        }
    }

    /// <summary>Adds a committed change.</summary>
    /// <param name="epoch">The epoch it was committed in.</param>
    /// <param name="change">The change with its position.</param>
    /// <param name="after">The scope's layer after it.</param>
    public void Add(long epoch, ChangeRecord change, Layer after)
    {
        lock (_gate)
        {
            if (epoch > _epoch)
            {
                _waiting.Clear();
                (_epoch, _head, _sentHead) = (epoch, 0, 0);
            }

            if (epoch < _epoch)
            {
                return;
            }

            _head = Math.Max(_head, change.Position);
            if (_waiting.TryGetValue(change.Scope, out var waiting))
            {
                waiting.Add(change, after, options.MaxChanges);
            }
            else if (_waiting.Count < options.MaxScopes)
            {
                _waiting[change.Scope] = new WaitingScope(change, after);
            }
            else
            {
                _waiting.Clear(); // the head that goes with the next batch makes the receiver pull
                Resyncs++;
            }
        }
    }

    /// <summary>Takes everything that waits as the next batch. Call <see cref="Ended"/> when its fate is known.</summary>
    /// <returns>Null while a batch is under way, or nothing waits.</returns>
    public PushBatch? TakeNext()
    {
        lock (_gate)
        {
            if (_underWay is not null || (_waiting.Count == 0 && _head == _sentHead))
            {
                return null;
            }

            (_underWay, _waiting) = (_waiting, []);
            (_underWayEpoch, _sentHead) = (_epoch, _head);
            return new PushBatch(origin, ++_number, _epoch, _head, [.. _underWay.Select(w => w.Value.ToDelta(w.Key))]);
        }
    }

    /// <summary>Ends the batch that is under way.</summary>
    /// <param name="delivered">Whether the node answered; otherwise its changes wait again, together with newer ones.</param>
    public void Ended(bool delivered)
    {
        lock (_gate)
        {
            var sent = _underWay ?? throw new InvalidOperationException("No batch is under way.");
            _underWay = null;
            _failures = delivered ? 0 : _failures + 1;
            if (delivered || _underWayEpoch != _epoch)
            {
                return;
            }

            _sentHead = 0;
            foreach (var (scope, waiting) in sent)
            {
                if (_waiting.TryGetValue(scope, out var newer))
                {
                    waiting.Add(newer, options.MaxChanges);
                    _waiting[scope] = waiting;
                }
                else if (_waiting.Count < options.MaxScopes)
                {
                    _waiting[scope] = waiting;
                }
            }
        }
    }
}
