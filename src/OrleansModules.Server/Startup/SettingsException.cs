namespace OrleansModules.Server.Startup;

/// <summary>Settings with which the server cannot start.</summary>
/// <param name="faults">Everything that is wrong.</param>
/// <param name="inner">What failed; null where settings were only read.</param>
internal sealed class SettingsException(IEnumerable<string> faults, Exception? inner = null) : Exception(string.Join("; ", faults), inner);
