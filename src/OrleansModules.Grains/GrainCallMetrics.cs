namespace OrleansModules.Grains;

/// <summary>Measures calls of the service's own grains. Never alters one.</summary>
internal sealed class GrainCallMetrics(ClusterMetrics metrics, TimeProvider time) : IIncomingGrainCallFilter
{
    /// <inheritdoc/>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is not Contracts.IScopeGrain)
        {
            await context.Invoke();
            return;
        }

        var started = time.GetTimestamp();
        var failed = true;
        try
        {
            await context.Invoke();
            failed = false;
        }
        finally
        {
            metrics.Called(context.TargetId.Type.ToString() ?? "", context.MethodName, failed, time.GetElapsedTime(started));
        }
    }
}
