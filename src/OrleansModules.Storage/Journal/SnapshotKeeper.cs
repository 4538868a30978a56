using Microsoft.Extensions.Logging;

namespace OrleansModules.Storage.Journal;

/// <summary>Makes snapshots in the background, so that a start reads the last of the journal only.</summary>
/// <remarks>A snapshot that cannot be made is logged and tried again later: the journal is complete without it.</remarks>
internal sealed class SnapshotKeeper(string directory, IJournalFiles files, TimeProvider time, long everyBytes, ILogger logger) : IAsyncDisposable
{
    private const int Kept = 2;
    private readonly CancellationTokenSource _stop = new();
    private long _lastAddress;

    /// <summary>The snapshot that is being made, or the last one; never fails.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Notes the snapshot that the store was opened from.</summary>
    /// <param name="address">Logical address it reaches to; 0 for none.</param>
    public void BeginAt(long address) => _lastAddress = address;

    /// <summary>Begins a snapshot if the journal has grown enough since the last one and none is being made. Only the writer calls this.</summary>
    public void StartIfDue(JournalState state)
    {
        if (state.View.End - _lastAddress < everyBytes || !Running.IsCompleted || _stop.IsCancellationRequested)
        {
            return;
        }

        var copy = state.Copy();
        _lastAddress = copy.Address;
        Running = Task.Run(() => Make(copy));
    }

    /// <summary>Stops the snapshot that is being made.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Running;
        _stop.Dispose();
    }

    private void Make(StateCopy copy)
    {
        var started = time.GetTimestamp();
        var path = SnapshotName.PathOf(directory, copy.Position);
        var unfinished = Path.ChangeExtension(path, SnapshotName.UnfinishedExtension);
        try
        {
            long layers;
            using (var file = files.OpenToWrite(unfinished))
            {
                layers = SnapshotWriter.Write(file, copy, _stop.Token);
            }

            files.Rename(unfinished, path);
            JournalLog.SnapshotMade(logger, path, layers, (long)time.GetElapsedTime(started).TotalMilliseconds);
            foreach (var old in SnapshotName.NewestFirst(directory).Skip(Kept))
            {
                files.Delete(old);
            }
        }
        catch (OperationCanceledException)
        {
            TryDelete(unfinished);
        }
        catch (Exception e)
        {
            JournalLog.SnapshotFailed(logger, path, e);
            TryDelete(unfinished);
        }
    }

    private void TryDelete(string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception e) when (StoreErrors.IsFileFailure(e))
        {
            // The next start deletes it.
            JournalLog.SnapshotFailed(logger, path, e);
        }
    }
}
