using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Core.Tests.Replication.Simulation;

/// <summary>The record: feed, layers, compare-and-set, operation ids, and a restore from an earlier state.</summary>
internal sealed class SimulatedRecord(Schedule schedule)
{
    private readonly List<ChangeRecord> _feed = [];
    private readonly Dictionary<ScopeId, Layer> _layers = [];
    private readonly List<(ScopeId Scope, Layer Layer)> _all = [];
    private readonly Dictionary<string, ChangeRecord> _operations = new(StringComparer.Ordinal);

    public FeedHead Head { get; private set; } = new(1, 0);

    public IReadOnlyList<ChangeRecord> Feed => _feed;

    /// <summary>Every layer that ever was durable; of two at one revision, which only a restore makes, the later.</summary>
    public Dictionary<(ScopeId Scope, long Revision), Layer> Committed { get; } = [];

    /// <summary>When the last change was committed.</summary>
    public long ChangedAt { get; private set; }

    public Layer? Find(ScopeId scope) => _layers.GetValueOrDefault(scope);

    /// <summary>Whether a layer was ever durable.</summary>
    public bool WasDurable(ScopeId scope, Layer layer) => _all.Exists(c => c.Scope == scope && Contents.AreEqual(c.Layer, layer));

    public long RevisionOf(ScopeId scope) => Find(scope)?.Revision ?? 0;

    public AppendResult Append(ChangeRecord change, Layer after)
    {
        if (_operations.TryGetValue(change.OperationId!, out var first))
        {
            return new AppendResult.Repeated(first);
        }

        if (RevisionOf(change.Scope) != change.Revision - 1)
        {
            return new AppendResult.Conflict(RevisionOf(change.Scope));
        }

        var record = change with { Position = Head.Position + 1 };
        _feed.Add(record);
        Head = Head with { Position = record.Position };
        _operations[change.OperationId!] = record;
        Put(change.Scope, after);
        return new AppendResult.Committed(record);
    }

    public IReadOnlyList<ChangeRecord> Read(long after, int limit) => [.. _feed.SkipWhile(r => r.Position <= after).Take(limit)];

    /// <summary>An operator restores a backup and raises the epoch: the last changes are lost, and their revisions will be used again.</summary>
    public void Restore(int lost)
    {
        var kept = _feed.Take(Math.Max(0, _feed.Count - lost)).ToList();
        foreach (var gone in _feed.Skip(kept.Count))
        {
            _operations.Remove(gone.OperationId!);
        }

        _feed.Clear();
        _layers.Clear();
        Head = new FeedHead(Head.Epoch + 1, kept.Count);
        foreach (var change in kept)
        {
            _feed.Add(change);
            Put(change.Scope, LayerFold.Apply(Find(change.Scope), change));
        }
    }

    private void Put(ScopeId scope, Layer layer)
    {
        ChangedAt = schedule.Now;
        _layers[scope] = layer;
        _all.Add((scope, layer));
        Committed[(scope, layer.Revision)] = layer;
    }
}
