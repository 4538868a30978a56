using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansModules.Client.Disk;
using OrleansModules.Client.Following;
using OrleansModules.Client.Http;

namespace OrleansModules.Client;

/// <summary>Follows scopes of the service and answers from the copies.</summary>
/// <remarks>One per process and service is enough. Configured scopes are followed from its construction until it is disposed.</remarks>
public sealed class ModulesClient : IModuleAvailability, IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan RoomPause = TimeSpan.FromSeconds(1); // looking for room takes the lock and goes through all scopes

    private readonly ConcurrentDictionary<ModuleScope, FollowedScope> _scopes = new();
    private readonly Outage _outage = new();
    private readonly Lock _changing = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ModulesClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<double> _chance;
    private readonly ServiceConnection _service;
    private readonly LastKnownMaps? _disk;
    private readonly HashSet<ModuleScope> _configured;
    private long _begun; // scopes begun so far: the clock that says which were asked about lately
    private bool _isDisposed;
    private long _fullAt; // when there was no room last; 0 for never

    /// <summary>Begins to follow the configured scopes.</summary>
    /// <param name="options">The settings; must not be changed afterwards.</param>
    /// <param name="loggers">Takes the log; null for none.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">Settings are wrong; all that are, are named.</exception>
    public ModulesClient(ModulesClientOptions options, ILoggerFactory? loggers = null, TimeProvider? time = null)
        : this(options, loggers, time, Random.Shared.NextDouble)
    {
    }

    internal ModulesClient(ModulesClientOptions options, ILoggerFactory? loggers, TimeProvider? time, Func<double> chance)
    {
        var faults = options.Faults().ToArray();
        if (faults.Length > 0)
        {
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        }

        _options = options;
        _time = time ?? TimeProvider.System;
        _chance = chance;
        _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<ModulesClient>();
        _service = new ServiceConnection(options, _time);
        _disk = options.CacheDirectory is { Length: > 0 } directory ? new LastKnownMaps(directory, options, () => _scopes.Keys, _time, _logger) : null;
        _configured = [.. options.Scopes];
        foreach (var scope in _configured)
        {
            Follow(scope);
        }
    }

    /// <summary>Ends when the service was asked for every configured scope once, whatever came of it.</summary>
    internal Task ConfiguredAttempted => Task.WhenAll(_configured.Select(s => _scopes[s].Copy.Attempted));

    /// <summary>How many scopes are followed.</summary>
    internal int FollowedCount => _scopes.Count;

    /// <inheritdoc/>
    public bool IsAvailable(ModuleScope scope, string module) => Find(scope) is { } snapshot && snapshot.IsAvailable(module);

    /// <inheritdoc/>
    public ModuleSnapshot? Find(ModuleScope scope) => TryGet(scope) is { } copy ? copy.Snapshot : Follow(scope)?.Copy.Snapshot;

    /// <inheritdoc/>
    public ValueTask<ModuleSnapshot?> GetAsync(ModuleScope scope, CancellationToken cancellationToken = default)
    {
        var copy = TryGet(scope) ?? Follow(scope)?.Copy;
        return copy?.Snapshot is { } snapshot ? ValueTask.FromResult<ModuleSnapshot?>(snapshot)
            : copy is not null ? WaitAsync(copy, _options.FirstMapPatience, cancellationToken)
            : _isDisposed ? ValueTask.FromResult<ModuleSnapshot?>(null)
            : ReadOnceAsync(scope, cancellationToken);
    }

    /// <inheritdoc/>
    public ScopeStatus Status(ModuleScope scope) => _scopes.TryGetValue(scope, out var followed) ? followed.Copy.Status(_options.StaleAfter) : default;

    /// <inheritdoc/>
    public async ValueTask<ScopeStatus> RefreshAsync(ModuleScope scope, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Follow(scope, isUrgent: true) is not { } followed)
        {
            return new ScopeStatus(CopyState.Unknown, null, null, CopyProblem.NoRoom, NoRoom(scope));
        }

        try
        {
            await followed.Follower.ReadAsync(null, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            followed.Follower.Note(e);
        }

        return followed.Copy.Status(_options.StaleAfter);
    }

    /// <inheritdoc/>
    public IDisposable OnChange(ModuleScope scope, Action<ModuleChange> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        lock (_changing)
        {
            return Required(scope).Copy.Watch(changed); // in the lock, so that it is not evicted between
        }
    }

    /// <summary>Stops following, and writes what is to be kept on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        var scopes = Stop();
        await Task.WhenAll(scopes.Select(s => s.Loop));
        if (_disk is not null)
        {
            await _disk.DisposeAsync();
            foreach (var copy in scopes.Select(s => s.Copy))
            {
                if (copy.ConfirmedAt is { } at && copy.Snapshot is { } snapshot)
                {
                    await _disk.TouchAsync(copy.Scope, snapshot.Version, at);
                }
            }
        }

        _service.Dispose();
    }

    /// <summary>Stops following, without waiting. Prefer <see cref="DisposeAsync"/>.</summary>
    public void Dispose()
    {
        Stop();
        _disk?.Complete();
        _service.Dispose();
    }

    /// <summary>As <see cref="GetAsync"/>, with a patience of its own.</summary>
    internal ValueTask<ModuleSnapshot?> GetAsync(ModuleScope scope, TimeSpan patience) => WaitAsync(Required(scope).Copy, patience, CancellationToken.None);

    private async ValueTask<ModuleSnapshot?> WaitAsync(ScopeCopy copy, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await copy.Known.WaitAsync(patience, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return copy.Snapshot;
        }

        return copy.Snapshot;
    }

    // For a scope that there is no room for: an answer of the service, and nothing kept.
    private async ValueTask<ModuleSnapshot?> ReadOnceAsync(ModuleScope scope, CancellationToken cancellationToken)
    {
        using var patience = new Deadline(_options.FirstMapPatience, _time, cancellationToken);
        try
        {
            var answer = await _service.ReadMapAsync(scope, null, null, patience.Token);
            return answer.Body is { } body ? SnapshotReader.Read(scope, body, previous: null) : null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            ClientLog.NotReadOnce(_logger, scope, e.Message);
            return null;
        }
    }

    private ScopeCopy? TryGet(ModuleScope scope)
    {
        if (!_scopes.TryGetValue(scope, out var followed))
        {
            return null;
        }

        followed.Copy.Touch(Volatile.Read(ref _begun));
        return followed.Copy;
    }

    private FollowedScope Required(ModuleScope scope)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return Follow(scope, isUrgent: true) ?? throw new InvalidOperationException(NoRoom(scope));
    }

    private string NoRoom(ModuleScope scope) =>
        $"{scope} cannot be followed: all {_options.MaxScopes} places are taken by scopes that are watched, configured or wait for their first map.";

    // Null where there is no room, and after the end.
    private FollowedScope? Follow(ModuleScope scope, bool isUrgent = false)
    {
        scope.ThrowIfNone(nameof(scope));

        if (!isUrgent && Volatile.Read(ref _fullAt) is var fullAt and not 0 && _time.GetElapsedTime(fullAt) < RoomPause)
        {
            return null;
        }

        lock (_changing)
        {
            if (_scopes.TryGetValue(scope, out var followed))
            {
                followed.Copy.Touch(Volatile.Read(ref _begun));
                return followed;
            }

            return !_isDisposed && TryMakeRoom(scope) ? Begin(scope) : null;
        }
    }

    private FollowedScope Begin(ModuleScope scope)
    {
        var copy = new ScopeCopy(scope, _time, _logger);
        copy.Touch(Interlocked.Increment(ref _begun));
        var follower = new ScopeFollower(copy, _service, _disk, _outage, _options, _time, _logger, _chance);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var stopped = stop.Token; // taken now: the source may be gone when the loop begins
        return _scopes[scope] = new FollowedScope(copy, follower, stop, Task.Run(() => follower.RunAsync(stopped)));
    }

    // Those that do not exist go first, then those that nobody asked about for longest. Whoever waits for a first map gets it.
    private bool TryMakeRoom(ModuleScope wanted)
    {
        if (_scopes.Count < _options.MaxScopes)
        {
            return true;
        }

        var candidates = _scopes.Values.Where(s => s.Copy.Known.IsCompleted && !s.Copy.IsWatched && !_configured.Contains(s.Copy.Scope));
        var evicted = candidates.MinBy(s => (!s.Copy.IsMissing, s.Copy.LastAsked));
        if (evicted is null)
        {
            if (_fullAt == 0)
            {
                ClientLog.NoRoom(_logger, wanted, _options.MaxScopes);
            }

            Volatile.Write(ref _fullAt, _time.GetTimestamp());
            return false;
        }

        _scopes.TryRemove(evicted.Copy.Scope, out _);
        evicted.Stop.Cancel();
        evicted.Stop.Dispose();
        _disk?.Forget(evicted.Copy.Scope);
        ClientLog.Evicted(_logger, evicted.Copy.Scope);
        return true;
    }

    private FollowedScope[] Stop()
    {
        lock (_changing)
        {
            if (_isDisposed)
            {
                return [];
            }

            _isDisposed = true;
        }

        _stopping.Cancel();
        _stopping.Dispose();
        return [.. _scopes.Values];
    }

    private sealed record FollowedScope(ScopeCopy Copy, ScopeFollower Follower, CancellationTokenSource Stop, Task Loop);
}
