namespace OrleansModules.Bench.Changes;

/// <summary>The yardstick: callers take a lock, append bytes to a file and flush it to the disk, each for itself.</summary>
internal sealed class BareAppend : IChanger
{
    private readonly FileStream _file;
    private readonly byte[] _bytes;
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Makes the file.</summary>
    public BareAppend(string path, int bytesPerChange)
    {
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _bytes = new byte[bytesPerChange];
    }

    /// <inheritdoc/>
    public async ValueTask ChangeAsync(int caller, int number)
    {
        await _gate.WaitAsync();
        try
        {
            _file.Write(_bytes);
            _file.Flush(flushToDisk: true);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _gate.Dispose();
    }
}
