namespace OrleansModules.Client.Following;

/// <summary>What keeps all scopes from the service, so that the log says it once and not for each of them.</summary>
/// <remarks>One for a client. Safe for concurrent use.</remarks>
internal sealed class Outage
{
    private volatile CopyProblem _problem;
    private volatile bool _isStreamless;

    /// <summary>Whether the log does not say it yet: a problem of one scope, or one of the service that no scope had since it was over.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="isOfStream">Whether maps can be read, and only the stream cannot: then the service is not away.</param>
    public bool IsNews(CopyProblem problem, bool isOfStream)
    {
        if (problem is not (CopyProblem.Unreachable or CopyProblem.Unauthorized or CopyProblem.Throttled or CopyProblem.Unavailable))
        {
            return true;
        }

        return isOfStream ? !Interlocked.Exchange(ref _isStreamless, true) : Interlocked.Exchange(ref _problem, problem) != problem;
    }

    /// <summary>Notes that the service answered some scope.</summary>
    public void Over() => _problem = CopyProblem.None;

    /// <summary>Notes that a stream of some scope works.</summary>
    public void StreamsWork() => _isStreamless = false;
}
