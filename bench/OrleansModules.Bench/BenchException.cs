namespace OrleansModules.Bench;

/// <summary>A run that cannot go on, with what to do about it.</summary>
internal sealed class BenchException(string message) : Exception(message);
