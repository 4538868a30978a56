namespace OrleansModules.Silo.Tests.Nemesis;

/// <summary>Which silos a fault has its hands on, so that their answers may be missing. Safe for concurrent use.</summary>
internal sealed class Disturbances
{
    // Even while nothing disturbs the silo; moves on with each beginning and end.
    private readonly long[] _moves = new long[3];

    /// <summary>A number that stays the same for as long as nothing disturbs a silo; null while something does.</summary>
    public long? Mark(int silo)
    {
        var moves = Interlocked.Read(ref _moves[silo]);
        return moves % 2 == 0 ? moves : null;
    }

    /// <summary>Begins to disturb a silo.</summary>
    /// <returns>Dispose it at the end.</returns>
    public IDisposable Begin(int silo)
    {
        Interlocked.Increment(ref _moves[silo]);
        return new Disturbance(() => Interlocked.Increment(ref _moves[silo]));
    }

    private sealed class Disturbance(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
