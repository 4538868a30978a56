using OrleansModules.Api.Access;
using OrleansModules.Grains;

namespace OrleansModules.Silo.Startup;

/// <summary>What an operator reads about the cluster.</summary>
internal static class ClusterEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapCluster(this WebApplication app)
    {
        app.MapGet("/api/platform/cluster", async (ClusterReads cluster, CancellationToken cancellationToken) => Results.Ok(new { Silos = await cluster.SilosAsync().WaitAsync(cancellationToken) }))
            .WithSummary("The silos of the cluster, with how far each is.").RequiresOperator();
        app.MapGet("/api/platform/cluster/changes/{position:long}", async (long position, ClusterReads cluster, CancellationToken cancellationToken) =>
            Results.Ok(new { Position = position, Silos = await cluster.PropagationAsync(position).WaitAsync(cancellationToken) }))
            .WithSummary("Which silos have a change, and since when.").RequiresOperator();
    }
}
