using Orleans.Runtime.Services;
using OrleansModules.Grains.Contracts;

namespace OrleansModules.Grains.Replication;

/// <summary>Calls the replica service of a given silo.</summary>
internal sealed class ReplicaClient(IServiceProvider services) : GrainServiceClient<IReplicaService>(services)
{
    public Task<AckMessage> PushAsync(SiloAddress silo, PushMessage batch) => GetGrainService(silo).Push(batch);

    public Task<StatusMessage> ReportAsync(SiloAddress silo) => GetGrainService(silo).Report();
}
