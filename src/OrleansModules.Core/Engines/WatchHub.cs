using System.Collections.Concurrent;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Engines;

/// <summary>Who watches what on one node: a change of a scope signals the watches of it and of all scopes below.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class WatchHub
{
    private const int WokenTogether = 32;

    private readonly WatchSet _all = new();
    private readonly ConcurrentDictionary<string, WatchSet> _byOrg = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, WatchSet> _byWorkspace = new(StringComparer.Ordinal);

    /// <summary>How many watches are open.</summary>
    public int Count => _all.Count;

    /// <summary>Opens a watch.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="orgId">The organization of a workspace; null otherwise.</param>
    public ScopeWatch Watch(ScopeId scope, string? orgId)
    {
        var watch = new ScopeWatch(scope, orgId, End);
        _all.Add(watch);
        if (OrgOf(watch) is { } org)
        {
            AddTo(_byOrg, org, watch);
        }

        if (scope.Kind == ScopeKind.Workspace)
        {
            AddTo(_byWorkspace, scope.Id, watch);
        }

        return watch;
    }

    /// <summary>Whether anybody watches this very workspace.</summary>
    public bool IsWatched(ScopeId workspace) => _byWorkspace.ContainsKey(workspace.Id);

    /// <summary>Signals every watch whose map a change of this scope can touch.</summary>
    public void Notify(ScopeId scope)
    {
        var set = scope.Kind switch
        {
            ScopeKind.System => _all,
            ScopeKind.Org => _byOrg.GetValueOrDefault(scope.Id),
            _ => _byWorkspace.GetValueOrDefault(scope.Id),
        };
        set?.Signal();
    }

    private static string? OrgOf(ScopeWatch watch) => watch.Scope.Kind == ScopeKind.Org ? watch.Scope.Id : watch.OrgId;

    private static void AddTo(ConcurrentDictionary<string, WatchSet> sets, string key, ScopeWatch watch)
    {
        while (!sets.GetOrAdd(key, static _ => new WatchSet()).TryAdd(watch))
        {
            // The set was closed by the last watch that left it, and is about to be taken out.
        }
    }

    private void End(ScopeWatch watch)
    {
        _all.Remove(watch);
        if (OrgOf(watch) is { } org)
        {
            RemoveFrom(_byOrg, org, watch);
        }

        if (watch.Scope.Kind == ScopeKind.Workspace)
        {
            RemoveFrom(_byWorkspace, watch.Scope.Id, watch);
        }
    }

    private static void RemoveFrom(ConcurrentDictionary<string, WatchSet> sets, string key, ScopeWatch watch)
    {
        if (sets.TryGetValue(key, out var set) && set.RemoveAndCloseIfEmpty(watch))
        {
            sets.TryRemove(KeyValuePair.Create(key, set));
        }
    }

    private sealed class WatchSet
    {
        private readonly HashSet<ScopeWatch> _watches = [];
        private bool _closed;

        public int Count
        {
            get
            {
                lock (_watches)
                {
                    return _watches.Count;
                }
            }
        }

        public void Add(ScopeWatch watch) => TryAdd(watch);

        public bool TryAdd(ScopeWatch watch)
        {
            lock (_watches)
            {
                return !_closed && _watches.Add(watch);
            }
        }

        public void Remove(ScopeWatch watch)
        {
            lock (_watches)
            {
                _watches.Remove(watch);
            }
        }

        public bool RemoveAndCloseIfEmpty(ScopeWatch watch)
        {
            lock (_watches)
            {
                _watches.Remove(watch);
                return _closed = _watches.Count == 0;
            }
        }

        public void Signal()
        {
            ScopeWatch[] waiting;
            lock (_watches)
            {
                waiting = [.. _watches.Where(w => w.Signal())];
            }

            // Each in its own turn of the thread pool would cost as much as telling it.
            foreach (var some in waiting.Chunk(WokenTogether))
            {
                ThreadPool.UnsafeQueueUserWorkItem(Wake, some, preferLocal: false);
            }
        }

        private static void Wake(ScopeWatch[] watches)
        {
            foreach (var watch in watches)
            {
                watch.Wake();
            }
        }
    }
}
