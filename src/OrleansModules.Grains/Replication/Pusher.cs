using System.Collections.Concurrent;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Replication;
using OrleansModules.Grains.Contracts;

namespace OrleansModules.Grains.Replication;

/// <summary>Sends committed changes to every other silo: a lane for each, so that a slow one delays nobody.</summary>
/// <remarks>Safe for concurrent use. Never waits for a silo.</remarks>
internal sealed class Pusher(ILocalSiloDetails self, ReplicaClient client, OutboxOptions options, ClusterMetrics metrics, TimeProvider time, ILogger<Pusher> logger) : IDisposable
{
    private readonly ConcurrentDictionary<SiloAddress, PushLane> _lanes = new();

    /// <summary>What every silo took, at last count.</summary>
    public IEnumerable<PushLane> Lanes => _lanes.Values;

    /// <summary>Sends a change to all silos that are there now.</summary>
    public void Push(long epoch, ChangeRecord change, Layer after)
    {
        foreach (var lane in _lanes.Values)
        {
            lane.Push(epoch, change, after);
        }
    }

    /// <summary>Takes note of which silos there are.</summary>
    public void SetSilos(IReadOnlyCollection<SiloAddress> silos)
    {
        foreach (var silo in silos.Where(s => !s.Equals(self.SiloAddress)))
        {
            if (!_lanes.ContainsKey(silo))
            {
                _lanes[silo] = new PushLane(silo, new Outbox(self.SiloAddress.ToParsableString(), options), client, metrics, time, logger);
            }
        }

        foreach (var gone in _lanes.Keys.Except(silos))
        {
            if (_lanes.TryRemove(gone, out var lane))
            {
                lane.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lane in _lanes.Values)
        {
            lane.Dispose();
        }
    }
}
