namespace OrleansModules.Server.Tests.Processes;

/// <summary>Lines that a process prints, with a way to wait for one.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class OutputLines
{
    private readonly List<string> _lines = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    /// <summary>Takes a line in; null ends them.</summary>
    public void Add(string? line)
    {
        TaskCompletionSource more;
        lock (_lines)
        {
            if (line is null)
            {
                _ended = true;
            }
            else if (line.Length > 0)
            {
                _lines.Add(line);
            }

            (more, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        more.SetResult();
    }

    /// <summary>Waits for a line.</summary>
    /// <returns>Null where the lines ended, or the wait did, before there was one.</returns>
    public async Task<string?> FindAsync(Predicate<string> wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_lines)
            {
                if (_lines.Find(wanted) is { } found)
                {
                    return found;
                }

                if (_ended)
                {
                    return null;
                }

                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    /// <summary>The lines so far.</summary>
    public string[] ToArray()
    {
        lock (_lines)
        {
            return [.. _lines];
        }
    }
}
