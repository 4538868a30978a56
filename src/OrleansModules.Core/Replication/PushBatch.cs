using System.Collections.Immutable;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Replication;

/// <summary>Committed changes that one node sends to another. Immutable; may be lost, doubled, late and out of order.</summary>
/// <param name="Origin">The node that sends it.</param>
/// <param name="Number">Counts the batches of one sender to one receiver, from 1; the answer repeats it.</param>
/// <param name="Epoch">The epoch of the record that the changes belong to.</param>
/// <param name="Head">The highest position of the feed that the sender knows of; the receiver pulls what it misses up to there.</param>
/// <param name="Deltas">At most one for each scope.</param>
public sealed record PushBatch(string Origin, long Number, long Epoch, long Head, ImmutableArray<ScopeDelta> Deltas);

/// <summary>What happened to one scope: a chain of changes, or, where those are many, the layer after the last of them.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="From">The revision that the first change follows.</param>
/// <param name="To">The revision after the last change.</param>
/// <param name="Changes">The changes in order of revision, all from <paramref name="From"/> to <paramref name="To"/>; empty where there is a layer.</param>
/// <param name="Layer">The layer at <paramref name="To"/>; null where there are changes.</param>
/// <param name="Positions">The places of all these changes in the feed, in rising order.</param>
public sealed record ScopeDelta(ScopeId Scope, long From, long To, ImmutableArray<ChangeRecord> Changes, Layer? Layer, ImmutableArray<long> Positions);

/// <summary>What a node answers to a batch.</summary>
/// <param name="Number">The batch.</param>
/// <param name="Epoch">The epoch that the receiver is in.</param>
/// <param name="Position">The position up to which the receiver misses nothing.</param>
public readonly record struct PushAck(long Number, long Epoch, long Position);
