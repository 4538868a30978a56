using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace OrleansModules.Client.AspNetCore;

/// <summary>Puts the gates of an endpoint before it when a request is routed to it.</summary>
/// <remarks>
/// Endpoint filters would do for handlers and controllers, but do not run for pages, components and hubs. Routing is what all of them go through, and it needs no
/// place in the pipeline. Safe for concurrent use.
/// </remarks>
internal sealed class ModuleGatePolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    private readonly ConditionalWeakTable<Endpoint, Endpoint> _gated = [];

    /// <summary>The last: pages are compiled, and put in place of what stands for them, by another policy.</summary>
    public override int Order => int.MaxValue;

    /// <inheritdoc/>
    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => ContainsDynamicEndpoints(endpoints) || endpoints.Any(IsGated);

    /// <inheritdoc/>
    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && IsGated(candidates[i].Endpoint))
            {
                candidates.ReplaceEndpoint(i, _gated.GetValue(candidates[i].Endpoint, Gated), candidates[i].Values);
            }
        }

        return Task.CompletedTask;
    }

    private static bool IsGated(Endpoint endpoint) => endpoint.Metadata.GetMetadata<ModuleGate>() is not null;

    private static Endpoint Gated(Endpoint endpoint)
    {
        var gates = endpoint.Metadata.GetOrderedMetadata<ModuleGate>();
        return endpoint is RouteEndpoint route
            ? new RouteEndpoint(RunAsync, route.RoutePattern, route.Order, route.Metadata, route.DisplayName)
            : new Endpoint(RunAsync, endpoint.Metadata, endpoint.DisplayName);

        async Task RunAsync(HttpContext http)
        {
            foreach (var gate in gates)
            {
                if (await gate.RefusalAsync(http) is { } refusal)
                {
                    await refusal.ExecuteAsync(http);
                    return;
                }
            }

            await (endpoint.RequestDelegate?.Invoke(http) ?? Task.CompletedTask);
        }
    }
}
