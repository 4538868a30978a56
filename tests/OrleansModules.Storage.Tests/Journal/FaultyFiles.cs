using OrleansModules.Storage.Journal;

namespace OrleansModules.Storage.Tests.Journal;

/// <summary>The disk, with faults where a test puts them. Counts what is asked of it.</summary>
internal sealed class FaultyFiles : IJournalFiles
{
    private const int NoSpaceLeft = 28;
    private readonly DiskFiles _disk = new();
    private int _flushes;

    /// <summary>Asked before a write of so many bytes to a path: how many of them to write before failing; null lets it be.</summary>
    public Func<string, int, int?>? OnWrite { get; set; }

    /// <summary>Asked before a flush of a path: the failure; null lets it be.</summary>
    public Func<string, Exception?>? OnFlush { get; set; }

    /// <summary>Asked before a file is cut: the failure; null lets it be.</summary>
    public Func<string, Exception?>? OnSetLength { get; set; }

    public int Flushes => Volatile.Read(ref _flushes);

    public static IOException Full() => new("No space left on device", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : NoSpaceLeft);

    public static IOException Broken() => new("Input/output error", 5);

    public static bool IsSegment(string path) => path.EndsWith(".journal", StringComparison.Ordinal);

    public IJournalFile OpenToWrite(string path) => new FaultyFile(this, path, _disk.OpenToWrite(path));

    public IJournalFile OpenToRead(string path) => _disk.OpenToRead(path);

    public void Rename(string from, string to) => _disk.Rename(from, to);

    public void Delete(string path) => _disk.Delete(path);

    public void FlushDirectory(string directory) => _disk.FlushDirectory(directory);

    private sealed class FaultyFile(FaultyFiles faults, string path, IJournalFile file) : IJournalFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> destination, long offset) => file.Read(destination, offset);

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            if (faults.OnWrite?.Invoke(path, bytes.Length) is { } some)
            {
                file.Write(bytes[..some], offset);
                throw Full();
            }

            file.Write(bytes, offset);
        }

        public void SetLength(long length)
        {
            if (faults.OnSetLength?.Invoke(path) is { } failure)
            {
                throw failure;
            }

            file.SetLength(length);
        }

        public void Flush()
        {
            Interlocked.Increment(ref faults._flushes);
            if (faults.OnFlush?.Invoke(path) is { } failure)
            {
                throw failure;
            }

            file.Flush();
        }

        public void Dispose() => file.Dispose();
    }
}
