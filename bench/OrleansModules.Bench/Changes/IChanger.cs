namespace OrleansModules.Bench.Changes;

/// <summary>Makes durable changes.</summary>
internal interface IChanger : IAsyncDisposable
{
    /// <summary>Makes one change; it is on the disk when this ends.</summary>
    /// <param name="caller">Which of the concurrent callers asks, from 0.</param>
    /// <param name="number">How many changes it made before.</param>
    ValueTask ChangeAsync(int caller, int number);
}
