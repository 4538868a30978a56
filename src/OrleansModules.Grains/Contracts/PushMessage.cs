namespace OrleansModules.Grains.Contracts;

/// <summary>Committed changes for another silo, see <see cref="Core.Replication.PushBatch"/>.</summary>
[GenerateSerializer, Immutable, Alias("modules.Push")]
public sealed record PushMessage(
    [property: Id(0)] string Origin,
    [property: Id(1)] long Number,
    [property: Id(2)] long Epoch,
    [property: Id(3)] long Head,
    [property: Id(4)] DeltaMessage[] Deltas);

/// <summary>What happened to one scope, see <see cref="Core.Replication.ScopeDelta"/>.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="From">The revision before.</param>
/// <param name="To">The revision after.</param>
/// <param name="Changes">The changes as JSON, UTF-8.</param>
/// <param name="Layer">The layer after them as JSON, UTF-8; null where there are changes.</param>
/// <param name="Positions">Places in the feed.</param>
[GenerateSerializer, Immutable, Alias("modules.Delta")]
public sealed record DeltaMessage(
    [property: Id(0)] string Scope,
    [property: Id(1)] long From,
    [property: Id(2)] long To,
    [property: Id(3)] byte[][] Changes,
    [property: Id(4)] byte[]? Layer,
    [property: Id(5)] long[] Positions);

/// <summary>What a silo answers to a push, see <see cref="Core.Replication.PushAck"/>.</summary>
[GenerateSerializer, Immutable, Alias("modules.Ack")]
public sealed record AckMessage([property: Id(0)] long Number, [property: Id(1)] long Epoch, [property: Id(2)] long Position);

/// <summary>How far a silo is.</summary>
/// <param name="Position">The position of the feed up to which it misses nothing.</param>
/// <param name="Epoch">The epoch it is in.</param>
/// <param name="StaleSeconds">For how long the record has not confirmed it; 0 while that is within the lease.</param>
/// <param name="Workspaces">How many workspaces it holds.</param>
/// <param name="Version">The version of the program.</param>
[GenerateSerializer, Immutable, Alias("modules.Status")]
public sealed record StatusMessage(
    [property: Id(0)] long Position,
    [property: Id(1)] long Epoch,
    [property: Id(2)] double StaleSeconds,
    [property: Id(3)] int Workspaces,
    [property: Id(4)] string Version);
