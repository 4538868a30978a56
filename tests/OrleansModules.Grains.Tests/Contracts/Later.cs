namespace OrleansModules.Grains.Tests.Contracts;

/// <summary>A push as a later version of the program may send it: with fields that this one does not know.</summary>
[GenerateSerializer, Immutable, Alias("test.LaterPush")]
internal sealed record LaterPush(
    [property: Id(0)] string Origin,
    [property: Id(1)] long Number,
    [property: Id(2)] long Epoch,
    [property: Id(3)] long Head,
    [property: Id(4)] LaterDelta[] Deltas,
    [property: Id(5)] string[]? Hints,
    [property: Id(6)] LaterDelta? Example);

/// <summary>A delta of a later version.</summary>
[GenerateSerializer, Immutable, Alias("test.LaterDelta")]
internal sealed record LaterDelta(
    [property: Id(0)] string Scope,
    [property: Id(1)] long From,
    [property: Id(2)] long To,
    [property: Id(3)] byte[][] Changes,
    [property: Id(4)] byte[]? Layer,
    [property: Id(5)] long[] Positions,
    [property: Id(6)] long? Weight);
