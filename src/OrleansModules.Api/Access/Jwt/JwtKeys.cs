namespace OrleansModules.Api.Access.Jwt;

/// <summary>The provider's keys, read again when they are old or a token names one that is not known.</summary>
/// <remarks>Safe for concurrent use: one read at a time, and never two within the shortest interval. The last good keys count while none can be read.</remarks>
internal sealed partial class JwtKeys(JwtOptions options, Func<Task<byte[]>> read, TimeProvider time, ILogger<JwtKeys> logger)
{
    private readonly Lock _gate = new();
    private volatile JwtKeySet _keys = JwtKeySet.Empty;
    private Task _reading = Task.CompletedTask;
    private long? _triedAt;
    private long? _readAt;

    /// <summary>The keys that may have made a signature.</summary>
    /// <param name="id">The key id that the token names; null for none.</param>
    /// <param name="algorithm">The algorithm that the token names.</param>
    /// <param name="cancellationToken">Ends the wait, not the reading.</param>
    public async ValueTask<IReadOnlyList<JwtKey>> FindAsync(string? id, JwtAlgorithm algorithm, CancellationToken cancellationToken)
    {
        var found = _keys.Find(id, algorithm).ToList();
        var reading = Refresh(isMissing: found.Count == 0);
        if (found.Count > 0)
        {
            return found; // old keys serve while newer ones are read
        }

        await reading.WaitAsync(cancellationToken);
        return [.. _keys.Find(id, algorithm)];
    }

    /// <summary>Whether there are any keys.</summary>
    public bool HasAny => _keys.Count > 0;

    // The reading under way, or one that is due; ended already where neither is.
    private Task Refresh(bool isMissing)
    {
        lock (_gate)
        {
            var isOld = _readAt is not { } readAt || time.GetElapsedTime(readAt) >= options.KeysMaxAge;
            var isTooSoon = _triedAt is { } triedAt && time.GetElapsedTime(triedAt) < options.KeysMinInterval;
            if (_reading.IsCompleted && (isMissing || isOld) && !isTooSoon)
            {
                _triedAt = time.GetTimestamp();
                _reading = ReadAsync();
            }

            return _reading;
        }
    }

    private async Task ReadAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // outside of the lock
        try
        {
            if (JwtKeySet.Read(await read()) is { } keys)
            {
                _keys = keys;
                lock (_gate)
                {
                    _readAt = time.GetTimestamp();
                }

                return;
            }

            LogUnusable(_keys.Count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException or OperationCanceledException)
        {
            LogAway(e, _keys.Count);
        }
    }

    [LoggerMessage(260, LogLevel.Warning, "The keys of the identity provider have none that can be used; {Count} known ones count on.")]
    private partial void LogUnusable(int count);

    [LoggerMessage(261, LogLevel.Warning, "The keys of the identity provider cannot be read; {Count} known ones count on.")]
    private partial void LogAway(Exception error, int count);
}
