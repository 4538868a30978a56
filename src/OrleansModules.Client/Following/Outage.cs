namespace OrleansModules.Client.Following;

/// <summary>What keeps all scopes from the service, so that the log says it once and not for each of them.</summary>
/// <remarks>One for a client. Safe for concurrent use.</remarks>
internal sealed class Outage
{
    private volatile CopyProblem _problem;

    /// <summary>Whether the log does not say it yet: a problem of one scope, or one of the service that no scope had since it was over.</summary>
    public bool IsNews(CopyProblem problem)
    {
        if (problem is not (CopyProblem.Unreachable or CopyProblem.Unauthorized or CopyProblem.Throttled or CopyProblem.Unavailable))
        {
            return true;
        }

        return Interlocked.Exchange(ref _problem, problem) != problem;
    }

    /// <summary>Notes that a stream of some scope works.</summary>
    public void Over() => _problem = CopyProblem.None;
}
