using System.Threading.Channels;

namespace OrleansModules.Bench.Changes;

/// <summary>The harder yardstick: one writer takes all waiting callers, appends their bytes in one write and flushes once.</summary>
internal sealed class BareGroupCommit : IChanger
{
    private readonly Channel<TaskCompletionSource> _waiting = Channel.CreateUnbounded<TaskCompletionSource>(new UnboundedChannelOptions { SingleReader = true });
    private readonly FileStream _file;
    private readonly int _bytesPerChange;
    private readonly Task _writer;

    /// <summary>Makes the file and starts the writer.</summary>
    public BareGroupCommit(string path, int bytesPerChange)
    {
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _bytesPerChange = bytesPerChange;
        _writer = Task.Run(WriteAsync);
    }

    /// <inheritdoc/>
    public async ValueTask ChangeAsync(int caller, int number)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _waiting.Writer.WriteAsync(done);
        await done.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _writer;
        await _file.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        var batch = new List<TaskCompletionSource>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (_waiting.Reader.TryRead(out var one))
            {
                batch.Add(one);
            }

            _file.Write(new byte[batch.Count * _bytesPerChange]);
            _file.Flush(flushToDisk: true);
            foreach (var one in batch)
            {
                one.SetResult();
            }
        }
    }
}
