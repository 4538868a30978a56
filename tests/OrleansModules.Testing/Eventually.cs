namespace OrleansModules.Testing;

/// <summary>Waits for what another thread or process does in its own time and tells nobody of: asks again, for so long and no longer.</summary>
public static class Eventually
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(2);

    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within 30 s.</exception>
    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()), DefaultPatience);

    /// <inheritdoc cref="TrueAsync(Func{bool})"/>
    public static Task TrueAsync(Func<Task<bool>> condition) => TrueAsync(condition, DefaultPatience);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">Asked one after another, never twice at once.</param>
    /// <param name="patience">How long at most, not counting the last question.</param>
    /// <exception cref="TimeoutException">It did not in time.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan patience)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var pace = new PeriodicTimer(Pace, TimeProvider.System);
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > patience)
            {
                throw new TimeoutException($"What was waited for did not happen within {patience}.");
            }

            await pace.WaitForNextTickAsync();
        }
    }
}
