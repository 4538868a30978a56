namespace OrleansModules.Bench.Http;

/// <summary>How hard and how long to load.</summary>
/// <param name="Seconds">Of each round.</param>
/// <param name="Rounds">Of product and yardstick each.</param>
/// <param name="WarmUp">Seconds of each before the first round.</param>
/// <param name="Connections">Kept busy.</param>
/// <param name="AllHeaders">Whether the yardstick sends every header that the product sends.</param>
internal sealed record HttpLoad(int Seconds, int Rounds, int WarmUp, int Connections, bool AllHeaders);
