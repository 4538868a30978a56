using Microsoft.Extensions.Hosting;

namespace OrleansModules.Grains.Replication;

/// <summary>Tells the pusher which silos there are, and reads the feed on every change of the membership.</summary>
internal sealed class MembershipWatch(IClusterMembershipService membership, Pusher pusher, CatchUp catchUp) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                // A silo that joins pulls; until it is active it need not be told.
                pusher.SetSilos([.. snapshot.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.SiloAddress)]);
                catchUp.Now();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }
}
