namespace OrleansModules.Server.Startup;

/// <summary>Settings with which the server cannot start.</summary>
/// <param name="faults">Everything that is wrong.</param>
internal sealed class SettingsException(IEnumerable<string> faults) : Exception(string.Join("; ", faults));
