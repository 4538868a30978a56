using System.Buffers;
using System.Globalization;
using System.Text.Json;
using OrleansModules.Core.Audit;
using OrleansModules.Core.Json;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Journal;

namespace OrleansModules.Storage.Audit;

/// <summary>The audit trail in files: a line of JSON an entry, each file named after its first position.</summary>
/// <remarks>
/// An entry is handed to the operating system before the append returns, so it outlives the process; it is not flushed to the disk, so a
/// crash of the machine may take the last ones. Safe for concurrent use; one process at a time, which the lock of the data directory sees to.
/// </remarks>
public sealed class AuditFiles(AuditFileOptions options) : IAuditLog, IDisposable
{
    private const string Extension = ".audit";

    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _line = new(512);
    private FileStream? _current;
    private long _position;

    /// <inheritdoc/>
    public ValueTask AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            try
            {
                var file = Current();
                WriteLine(entry with { Position = _position + 1 });
                file.Write(_line.WrittenSpan);
                _position++;
                return ValueTask.CompletedTask;
            }
            catch (Exception e) when (StoreErrors.IsFileFailure(e))
            {
                // Half a line may be in the file: the next append looks at it again and cuts it.
                _current?.Dispose();
                _current = null;
                throw StoreErrors.IsFull(e)
                    ? new StoreException(StoreFailure.Full, $"No room left for the audit trail: {e.Message}", e)
                    : new StoreException(StoreFailure.Unavailable, $"The audit trail cannot be written: {e.Message}", e);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AuditEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        var found = new List<AuditEntry>();
        try
        {
            foreach (var (first, path) in Segments().AsEnumerable().Reverse())
            {
                if (query.Before is { } before && first >= before)
                {
                    continue;
                }

                var lines = await ReadLinesAsync(path, cancellationToken);
                for (var i = lines.Count - 1; i >= 0 && found.Count < query.Limit; i--)
                {
                    using var document = JsonDocument.Parse(lines[i]);
                    if (AuditJson.Read(document.RootElement) is var entry && entry.Fits(query))
                    {
                        found.Add(entry);
                    }
                }

                if (found.Count == query.Limit)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (StoreErrors.IsFileFailure(e) || e is FormatException or JsonException)
        {
            throw new StoreException(StoreFailure.Unavailable, $"The audit trail cannot be read: {e.Message}", e);
        }

        return found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _current?.Flush(flushToDisk: true);
            _current?.Dispose();
            _current = null;
        }
    }

    private void WriteLine(AuditEntry entry)
    {
        _line.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_line, CompactJson.Options))
        {
            AuditJson.Write(writer, entry);
        }

        _line.Write("\n"u8);
    }

    private FileStream Current()
    {
        if (_current is { } full && full.Length >= options.SegmentBytes)
        {
            full.Flush(flushToDisk: true);
            full.Dispose();
            _current = Begin(_position + 1);
            foreach (var (_, path) in Segments().SkipLast(options.MaxSegments))
            {
                File.Delete(path);
            }
        }

        return _current ??= Continue();
    }

    private FileStream Continue()
    {
        Directory.CreateDirectory(options.Directory);
        if (Segments() is not [.., var (first, path)])
        {
            return Begin(1);
        }

        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        file.SetLength(bytes.AsSpan().LastIndexOf((byte)'\n') + 1); // a line that a crash cut short was never answered for
        file.Position = file.Length;
        _position = first - 1 + bytes.AsSpan().Count((byte)'\n');
        return file;
    }

    private FileStream Begin(long first)
    {
        var path = Path.Combine(options.Directory, first.ToString("D20", CultureInfo.InvariantCulture) + Extension);
        return new FileStream(path, OwnerOnly(FileMode.Create));
    }

    private static FileStreamOptions OwnerOnly(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private List<(long First, string Path)> Segments() => !Directory.Exists(options.Directory) ? [] :
    [
        .. Directory.EnumerateFiles(options.Directory, "*" + Extension)
            .Select(p => (First: long.TryParse(Path.GetFileNameWithoutExtension(p), NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : 0, Path: p))
            .Where(s => s.First > 0)
            .OrderBy(s => s.First),
    ];

    private static async ValueTask<List<ReadOnlyMemory<byte>>> ReadLinesAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, cancellationToken);
        var lines = new List<ReadOnlyMemory<byte>>();
        for (var start = 0; bytes.AsSpan(start).IndexOf((byte)'\n') is >= 0 and var length; start += length + 1)
        {
            lines.Add(bytes.AsMemory(start, length));
        }

        return lines;
    }
}
