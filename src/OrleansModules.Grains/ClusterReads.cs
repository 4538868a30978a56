using OrleansModules.Grains.Contracts;
using OrleansModules.Grains.Replication;

namespace OrleansModules.Grains;

/// <summary>What an operator sees of the cluster from one silo.</summary>
public sealed class ClusterReads
{
    private readonly IClusterMembershipService _membership;
    private readonly ReplicaClient _client;
    private readonly Pusher _pusher;

    internal ClusterReads(IClusterMembershipService membership, ReplicaClient client, Pusher pusher) => (_membership, _client, _pusher) = (membership, client, pusher);

    /// <summary>All silos with how far each is. A silo that does not answer within a second is listed without.</summary>
    public async Task<IReadOnlyList<SiloReport>> SilosAsync()
    {
        var members = _membership.CurrentSnapshot.Members.Values.Where(m => m.Status is not SiloStatus.Dead).ToList();
        var lanes = _pusher.Lanes.ToDictionary(l => l.Silo);
        return await Task.WhenAll(members.Select(async m =>
            new SiloReport(m.SiloAddress.ToParsableString(), m.Name, m.Status.ToString(), await StatusAsync(m.SiloAddress), lanes.GetValueOrDefault(m.SiloAddress)?.Depth ?? 0)));
    }

    /// <summary>Which silos have a change, and since when where this silo sent it.</summary>
    /// <param name="position">The change's place in the feed.</param>
    public async Task<IReadOnlyList<PropagationReport>> PropagationAsync(long position)
    {
        var lanes = _pusher.Lanes.ToDictionary(l => l.Silo.ToParsableString(), StringComparer.Ordinal);
        return [.. (await SilosAsync()).Select(s => new PropagationReport(s.Address, s.Status is null ? null : s.Status.Position >= position, lanes.GetValueOrDefault(s.Address)?.TookAt(position)))];
    }

    private async Task<StatusMessage?> StatusAsync(SiloAddress silo)
    {
        try
        {
            return await _client.ReportAsync(silo);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return null;
        }
    }
}

/// <summary>Whether a silo has a change.</summary>
/// <param name="Address">The silo.</param>
/// <param name="HasIt">Whether it does; null where it did not answer.</param>
/// <param name="Since">When it told this silo so, at the latest; null where it did not tell this silo, or long ago.</param>
public sealed record PropagationReport(string Address, bool? HasIt, DateTimeOffset? Since);

/// <summary>One silo as another sees it.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Name">Its name.</param>
/// <param name="Membership">What the membership says of it.</param>
/// <param name="Status">How far it is; null where it did not answer.</param>
/// <param name="Waiting">Scopes with changes that wait here to be sent to it.</param>
public sealed record SiloReport(string Address, string Name, string Membership, StatusMessage? Status, int Waiting);
