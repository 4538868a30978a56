using Orleans.Services;

namespace OrleansModules.Grains.Contracts;

/// <summary>Takes changes in for one silo. Pushes may be lost, doubled, late or out of order: they only save time.</summary>
[Alias("modules.IReplicaService")]
public interface IReplicaService : IGrainService
{
    /// <summary>Takes in a batch of committed changes.</summary>
    [ResponseTimeout("00:00:01")]
    [Alias("Push")]
    Task<AckMessage> Push(PushMessage batch);

    /// <summary>How far this silo is.</summary>
    [ResponseTimeout("00:00:01")]
    [Alias("Report")]
    Task<StatusMessage> Report();
}
