using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Replication;

/// <summary>Brings scopes that are asked for into the tree: each is read once however many ask, many in one query, few queries at a time.</summary>
/// <remarks>Safe for concurrent use. Does nothing on a node that holds every scope.</remarks>
/// <param name="store">The record.</param>
/// <param name="tree">The node's tree.</param>
/// <param name="replica">What brings a layer into it.</param>
/// <param name="limit">Makes room after each query; null where there is no limit.</param>
public sealed class ScopeLoader(IScopeStore store, ModuleTree tree, Replica replica, HotLimit? limit = null)
{
    private const int BatchSize = 500;
    private const int MaxQueries = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<ScopeId, TaskCompletionSource> _flights = [];
    private readonly Queue<ScopeId> _queue = new();
    private int _queries;

    /// <summary>Scopes that wait to be read or are being read.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _flights.Count;
            }
        }
    }

    /// <summary>Waits until a scope, and the organization of a workspace, are in the tree if the record has them.</summary>
    /// <exception cref="StoreException">The record cannot be read.</exception>
    public async ValueTask EnsureAsync(ScopeId scope, CancellationToken cancellationToken)
    {
        if (replica.HoldsAll || scope.Kind == ScopeKind.System)
        {
            return;
        }

        await LoadAsync(scope).WaitAsync(cancellationToken);
        if (scope.Kind == ScopeKind.Workspace && tree.FindLayer(scope) is ScopeLayer { OrgId: { } orgId })
        {
            await LoadAsync(ScopeId.Org(orgId)).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Loads a scope, and keeps a workspace in the tree until the pin is disposed.</summary>
    /// <returns>Null where nothing is to be kept: on a node that holds all, for the system or an organization, and where the record has no such workspace.</returns>
    /// <exception cref="StoreException">The record cannot be read.</exception>
    public async ValueTask<IDisposable?> HoldAsync(ScopeId scope, CancellationToken cancellationToken)
    {
        while (true)
        {
            await EnsureAsync(scope, cancellationToken);
            if (replica.HoldsAll || scope.Kind != ScopeKind.Workspace || replica.IsAbsent(scope))
            {
                return null;
            }

            if (tree.FindLayer(scope) is not ScopeLayer layer)
            {
                continue; // it went in between
            }

            if (layer.OrgId is not { } orgId)
            {
                return null;
            }

            var pin = tree.Pin(scope, orgId);
            if (tree.FindLayer(scope) is not null)
            {
                return pin;
            }

            pin.Dispose();
        }
    }

    private Task LoadAsync(ScopeId scope)
    {
        lock (_gate)
        {
            if (_flights.TryGetValue(scope, out var flight))
            {
                return flight.Task;
            }

            if (!replica.BeginLoad(scope))
            {
                return Task.CompletedTask;
            }

            flight = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _flights[scope] = flight;
            _queue.Enqueue(scope);
            if (_queries < MaxQueries)
            {
                _queries++;
                _ = Task.Run(QueryAsync);
            }

            return flight.Task;
        }
    }

    private async Task QueryAsync()
    {
        while (NextBatch() is { } scopes)
        {
            try
            {
                var found = (await store.LoadAsync(scopes, CancellationToken.None)).ToDictionary(s => s.Scope, s => s.Layer);
                foreach (var scope in scopes)
                {
                    End(scope, found.GetValueOrDefault(scope));
                }

                limit?.Keep();
            }
            catch (StoreException e)
            {
                foreach (var scope in scopes)
                {
                    Fail(scope, e);
                }
            }
        }
    }

    private List<ScopeId>? NextBatch()
    {
        lock (_gate)
        {
            if (_queue.Count == 0)
            {
                _queries--;
                return null;
            }

            var batch = new List<ScopeId>(Math.Min(_queue.Count, BatchSize));
            while (batch.Count < BatchSize && _queue.TryDequeue(out var scope))
            {
                batch.Add(scope);
            }

            return batch;
        }
    }

    private void End(ScopeId scope, Layer? layer)
    {
        lock (_gate)
        {
            if (!replica.EndLoad(scope, layer))
            {
                _queue.Enqueue(scope); // changed meanwhile: this query or another reads it again
            }
            else if (_flights.Remove(scope, out var flight))
            {
                flight.SetResult();
            }
        }
    }

    private void Fail(ScopeId scope, StoreException failure)
    {
        lock (_gate)
        {
            replica.GiveUpLoad(scope);
            if (_flights.Remove(scope, out var flight))
            {
                flight.SetException(failure);
            }
        }
    }
}
