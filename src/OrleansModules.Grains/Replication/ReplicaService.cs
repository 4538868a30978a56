using System.Reflection;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Tree;
using OrleansModules.Grains.Contracts;
using OrleansModules.Grains.Wire;

namespace OrleansModules.Grains.Replication;

/// <summary>The door of a silo's replica: hands over what is pushed and answers at once.</summary>
internal sealed class ReplicaService(GrainId id, Silo silo, ILoggerFactory loggers, Replica replica, FeedFollower follower, ModuleTree tree, CatchUp catchUp, ClusterMetrics metrics)
    : GrainService(id, silo, loggers), IReplicaService
{
    // Late enough for a batch that overtook another, soon enough for one that was lost.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private static readonly string Version = typeof(ReplicaService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <inheritdoc/>
    public Task<AckMessage> Push(PushMessage batch)
    {
        var ack = replica.Receive(PushWire.FromMessage(batch));
        if (replica.IsBehind)
        {
            metrics.Gap();
            catchUp.Soon(Patience);
        }

        return Task.FromResult(new AckMessage(ack.Number, ack.Epoch, ack.Position));
    }

    /// <inheritdoc/>
    public Task<StatusMessage> Report() =>
        Task.FromResult(new StatusMessage(replica.Position, replica.Epoch, follower.IsStale ? follower.Age.TotalSeconds : 0, tree.WorkspaceCount, Version));
}
