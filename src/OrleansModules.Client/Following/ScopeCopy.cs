using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace OrleansModules.Client.Following;

/// <summary>What readers see of one scope.</summary>
/// <remarks>Readers take no lock: each field they read is replaced whole. Changes are made under the lock of this object.</remarks>
internal sealed class ScopeCopy(ModuleScope scope, TimeProvider time, ILogger logger)
{
    private readonly Lock _changing = new();
    private readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableList<Action<ModuleChange>> _watchers = [];
    private volatile ModuleSnapshot? _snapshot;
    private volatile Confirmation? _confirmed;
    private volatile Failure? _failure;
    private volatile bool _isMissing;
    private long _lastAsked;
    private volatile StrongBox<MapVersion>? _floor; // boxed: it is too large to be read in one go

    /// <summary>The scope.</summary>
    public ModuleScope Scope { get; } = scope;

    /// <summary>The map; null while none is known, and where the scope does not exist.</summary>
    public ModuleSnapshot? Snapshot => _snapshot;

    /// <summary>Whether the service says that the scope does not exist.</summary>
    public bool IsMissing => _isMissing;

    /// <summary>The lowest version that may be shown; null for any.</summary>
    public MapVersion? Floor => _floor?.Value;

    /// <summary>Whether somebody is called back on changes.</summary>
    public bool IsWatched => !Volatile.Read(ref _watchers).IsEmpty;

    /// <summary>Ends when the service was asked for the first time, whatever came of it.</summary>
    public Task Attempted => _attempted.Task;

    /// <summary>Ends when there is a map, or the service was asked for the first time.</summary>
    public Task Known => _known.Task;

    /// <summary>When the service last confirmed the map; null where it did not.</summary>
    public DateTimeOffset? ConfirmedAt => _confirmed is { IsByService: true } c ? time.GetUtcNow() - c.AgeBefore - time.GetElapsedTime(c.Timestamp) : null;

    /// <summary>When somebody asked last, in the client's own count.</summary>
    public long LastAsked => Volatile.Read(ref _lastAsked);

    /// <summary>Remembers that somebody asked. Writes only what is not so already: many readers on many cores come by.</summary>
    public void Touch(long now)
    {
        if (Volatile.Read(ref _lastAsked) != now)
        {
            Volatile.Write(ref _lastAsked, now);
        }
    }

    /// <summary>What is known, for a person or a program.</summary>
    public ScopeStatus Status(TimeSpan staleAfter)
    {
        var (snapshot, confirmed, failure) = (_snapshot, _confirmed, _failure);
        var age = snapshot is null || confirmed is null ? (TimeSpan?)null : confirmed.AgeBefore + time.GetElapsedTime(confirmed.Timestamp);
        var state = _isMissing ? CopyState.NotFound
            : snapshot is null ? CopyState.Unknown
            : confirmed is { IsByService: true, IsStale: false } && age <= staleAfter ? CopyState.Fresh
            : CopyState.Stale;
        return new ScopeStatus(state, snapshot?.Version, age, failure?.Problem ?? CopyProblem.None, failure?.Detail);
    }

    /// <summary>Takes a map that was kept on disk, if nothing came from the service before.</summary>
    /// <param name="snapshot">The map.</param>
    /// <param name="age">Time since the service confirmed it.</param>
    public void Restore(ModuleSnapshot snapshot, TimeSpan age)
    {
        lock (_changing)
        {
            if (_snapshot is null && !_isMissing)
            {
                _confirmed = new Confirmation(time.GetTimestamp(), age, IsByService: false, IsStale: false);
                Show(snapshot);
            }
        }
    }

    /// <summary>Takes a map from the service, unless a component of its version is lower than what was shown before (law L7).</summary>
    /// <param name="snapshot">The map.</param>
    /// <param name="staleFor">How old it may be, where the service says so; null where it is current.</param>
    /// <returns>False where it was not taken; the same version is.</returns>
    public bool TryAdopt(ModuleSnapshot snapshot, TimeSpan? staleFor)
    {
        lock (_changing)
        {
            if (Floor is { } floor && !snapshot.Version.Includes(floor))
            {
                return false;
            }

            _isMissing = false;
            NoteConfirmed(staleFor);
            if (_snapshot?.Version != snapshot.Version)
            {
                Show(snapshot);
            }

            LetGo(); // after the map is there, for those that wait for it
            return true;
        }
    }

    /// <summary>Notes that the service just said that the map is still the one.</summary>
    /// <param name="staleFor">How long ago that was so, where the service says so; null where it is now.</param>
    public void Confirm(TimeSpan? staleFor)
    {
        NoteConfirmed(staleFor);
        LetGo();
    }

    /// <summary>Notes that the service says that the scope does not exist. What was shown counts on as the lowest version, should it come back.</summary>
    public void Miss()
    {
        lock (_changing)
        {
            var before = _snapshot;
            _isMissing = true;
            _snapshot = null;
            _failure = null;
            LetGo();
            if (before is not null)
            {
                Tell(new ModuleChange(null, [.. before.Modules.Select(m => m.Name)]));
            }
        }
    }

    /// <summary>Notes that the service could not be asked. The map stays. Whoever waits for it is let go by <see cref="LetGo"/>.</summary>
    /// <returns>Whether it is the first problem of this kind since the last success.</returns>
    public bool Fail(CopyProblem problem, string detail)
    {
        var isNews = _failure?.Problem != problem;
        _failure = new Failure(problem, detail);
        return isNews;
    }

    /// <summary>Adds somebody to call back.</summary>
    public IDisposable Watch(Action<ModuleChange> changed)
    {
        ImmutableInterlocked.Update(ref _watchers, static (all, one) => all.Add(one), changed);
        return new Watcher(this, changed);
    }

    /// <summary>Lets go whoever waits for the first answer of the service: it came, or none does.</summary>
    public void LetGo()
    {
        _attempted.TrySetResult();
        _known.TrySetResult();
    }

    private void NoteConfirmed(TimeSpan? staleFor)
    {
        _confirmed = new Confirmation(time.GetTimestamp(), staleFor ?? TimeSpan.Zero, IsByService: true, IsStale: staleFor is not null);
        _failure = staleFor is { } age ? new Failure(CopyProblem.StaleNode, $"The store of the node that answers has not confirmed its map for {age:c}.") : null;
    }

    private void Show(ModuleSnapshot snapshot)
    {
        var changed = snapshot.ChangedSince(_snapshot);
        _floor = new StrongBox<MapVersion>(snapshot.Version);
        _snapshot = snapshot;
        _known.TrySetResult();
        Tell(new ModuleChange(snapshot, changed));
    }

    private void Tell(ModuleChange change)
    {
        foreach (var watcher in Volatile.Read(ref _watchers))
        {
            try
            {
                watcher(change);
            }
            catch (Exception e)
            {
                ClientLog.WatcherFailed(logger, Scope, e);
            }
        }
    }

    private sealed record Confirmation(long Timestamp, TimeSpan AgeBefore, bool IsByService, bool IsStale);

    private sealed record Failure(CopyProblem Problem, string Detail);

    private sealed class Watcher(ScopeCopy copy, Action<ModuleChange> changed) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                ImmutableInterlocked.Update(ref copy._watchers, static (all, one) => all.Remove(one), changed);
            }
        }
    }
}
