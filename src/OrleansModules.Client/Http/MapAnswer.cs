namespace OrleansModules.Client.Http;

/// <summary>What the service answered to a read of a map.</summary>
/// <param name="Body">The map; null where the version at hand is still the service's.</param>
/// <param name="StaleFor">How long ago the store of the node that answered confirmed it, where that is too long; else null.</param>
internal readonly record struct MapAnswer(ReadOnlyMemory<byte>? Body, TimeSpan? StaleFor);
