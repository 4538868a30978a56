namespace OrleansModules.Client.Http;

/// <summary>The service could not be asked, or did not answer as it should. Every problem with it is one of these.</summary>
internal sealed class ServiceException(CopyProblem problem, string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of problem.</summary>
    public CopyProblem Problem { get; } = problem;

    /// <summary>How long the service asks to wait; null where it does not.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
