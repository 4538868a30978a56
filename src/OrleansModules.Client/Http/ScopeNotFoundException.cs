namespace OrleansModules.Client.Http;

/// <summary>The service itself says that the scope does not exist: an answer, not a problem.</summary>
internal sealed class ScopeNotFoundException(string message) : Exception(message);
