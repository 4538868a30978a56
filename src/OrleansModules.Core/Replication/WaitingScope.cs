using System.Collections.Immutable;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Replication;

/// <summary>The changes of one scope that wait in an outbox. Not safe for concurrent use.</summary>
/// <remarks>Few changes are kept one by one, in any order of arrival; of many only the last layer is kept.</remarks>
internal sealed class WaitingScope
{
    // A receiver that is not told of a position pulls it; so many of one scope are no longer worth telling.
    private const int MaxPositions = 4096;

    private readonly SortedDictionary<long, ChangeRecord> _changes = [];
    private readonly SortedSet<long> _positions = [];
    private Layer _layer;
    private bool _isLong;

    public WaitingScope(ChangeRecord change, Layer after)
    {
        _layer = after;
        _changes[change.Revision] = change;
        _positions.Add(change.Position);
    }

    public void Add(ChangeRecord change, Layer after, int maxChanges)
    {
        _changes[change.Revision] = change;
        _positions.Add(change.Position);
        Settle(after, maxChanges);
    }

    public void Add(WaitingScope other, int maxChanges)
    {
        foreach (var (revision, change) in other._changes)
        {
            _changes[revision] = change;
        }

        _positions.UnionWith(other._positions);
        _isLong |= other._isLong;
        Settle(other._layer, maxChanges);
    }

    public ScopeDelta ToDelta(ScopeId scope)
    {
        var from = _changes.Count == 0 ? 0 : _changes.First().Key - 1;
        var isChain = !_isLong && _layer.Revision - from == _changes.Count;
        return isChain
            ? new ScopeDelta(scope, from, _layer.Revision, [.. _changes.Values], null, [.. _positions])
            : new ScopeDelta(scope, 0, _layer.Revision, [], _layer, [.. _positions]);
    }

    private void Settle(Layer layer, int maxChanges)
    {
        if (layer.Revision > _layer.Revision)
        {
            _layer = layer;
        }

        _isLong |= _changes.Count > maxChanges;
        if (_isLong)
        {
            _changes.Clear();
        }

        while (_positions.Count > MaxPositions)
        {
            _positions.Remove(_positions.Max);
        }
    }
}
