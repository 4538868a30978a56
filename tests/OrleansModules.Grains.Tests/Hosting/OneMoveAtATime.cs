using System.Collections.Concurrent;
using Orleans.Core.Internal;
using Orleans.Runtime;

namespace OrleansModules.Grains.Tests.Hosting;

/// <summary>Leaves a grain where it is until the place it came from has let it go.</summary>
/// <remarks>
/// A silo acknowledges a grain that moves in only while the grain is valid there. One that is sent back before that finds its
/// old place still waiting for the acknowledgement, and both wait 30 s (Orleans 10.4.2, <c>ActivationMigrationManager.AcceptMigratingGrains</c>).
/// </remarks>
internal sealed class OneMoveAtATime : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<GrainId, (IGrainContext Place, Task Left)> _moves = new();
    private int _begun;

    /// <summary>How many moves were begun.</summary>
    public int Begun => _begun;

    /// <inheritdoc/>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.TargetContext is { } place && string.Equals(context.MethodName, nameof(IGrainManagementExtension.MigrateOnIdle), StringComparison.Ordinal))
        {
            if (_moves.TryGetValue(place.GrainId, out var last) && !ReferenceEquals(last.Place, place) && !last.Left.IsCompleted)
            {
                context.Result = null;
                return;
            }

            // Asked of a grain in its own turn: it holds its lock here, and another's must not be taken besides.
            _moves[place.GrainId] = (place, place.Deactivated);
            Interlocked.Increment(ref _begun);
        }

        await context.Invoke();
    }
}
