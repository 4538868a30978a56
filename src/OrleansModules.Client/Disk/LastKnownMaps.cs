using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace OrleansModules.Client.Disk;

/// <summary>Keeps the last known map of each scope in a directory, for the next start of the process.</summary>
/// <remarks>
/// Safe for concurrent use, also by several processes: files are replaced whole, and whatever cannot be read is as if it were not there.
/// Writing happens beside the work, the newest map of a scope only; a disk that fails costs the files and nothing else.
/// The time of a file says when the service last confirmed its map.
/// </remarks>
internal sealed class LastKnownMaps : IAsyncDisposable
{
    private readonly string _directory;
    private readonly string _service;
    private readonly int _maxBytes;
    private readonly int _maxFiles;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<ModuleScope, MapFile?> _pending = new();
    private readonly Channel<ModuleScope> _queue = Channel.CreateUnbounded<ModuleScope>(new UnboundedChannelOptions { SingleReader = true });
    private readonly string _writer = Guid.NewGuid().ToString("N")[..8];
    private readonly Task _writing;

    public LastKnownMaps(string directory, ModulesClientOptions options, TimeProvider time, ILogger logger)
    {
        _directory = Path.GetFullPath(directory);
        _service = options.Address!.AbsoluteUri; // validated
        _maxBytes = options.MaxMapBytes;
        _maxFiles = options.MaxScopes * 4;
        _time = time;
        _logger = logger;
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>The map of a scope, if one was kept.</summary>
    /// <returns>The map and the time since it was confirmed, not negative; null where there is none that can be trusted.</returns>
    public async Task<(ModuleSnapshot Snapshot, TimeSpan Age)?> LoadAsync(ModuleScope scope, CancellationToken cancellationToken)
    {
        var path = PathOf(scope);
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists)
            {
                return null;
            }

            if (info.Length > _maxBytes + MapFile.MaxHeaderBytes)
            {
                ClientLog.FileIgnored(_logger, path, "It is larger than a map may be.");
                return null;
            }

            var age = _time.GetUtcNow().UtcDateTime - info.LastWriteTimeUtc;
            var file = MapFile.Read(await File.ReadAllBytesAsync(path, cancellationToken), _service, scope);
            return (SnapshotReader.Read(scope, file.Body, previous: null), age > TimeSpan.Zero ? age : TimeSpan.Zero);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Text.Json.JsonException or InvalidDataException)
        {
            ClientLog.FileIgnored(_logger, path, e.Message);
            return null;
        }
    }

    /// <summary>Keeps a map, soon.</summary>
    public void Save(ModuleScope scope, MapVersion version, ReadOnlyMemory<byte> body) => Enqueue(scope, new MapFile(_service, scope, version, body));

    /// <summary>Keeps nothing of a scope any more.</summary>
    public void Remove(ModuleScope scope) => Enqueue(scope, null);

    /// <summary>Notes when the map of a scope was confirmed last.</summary>
    public void Touch(ModuleScope scope, DateTimeOffset confirmedAt)
    {
        try
        {
            File.SetLastWriteTimeUtc(PathOf(scope), confirmedAt.UtcDateTime);
        }
        catch (FileNotFoundException)
        {
            return; // it could not be written, and that was logged
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ClientLog.FileNotWritten(_logger, scope, _directory, e);
        }
    }

    /// <summary>Takes nothing more; what is waiting is still written.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Writes what is waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        Complete();
        await _writing;
    }

    /// <summary>The file of a scope. Its name tells ids apart that differ by case only, on disks that do not.</summary>
    internal string PathOf(ModuleScope scope) => Path.Combine(_directory, MapFile.NameOf(scope));

    private void Enqueue(ModuleScope scope, MapFile? file)
    {
        var isNew = false;
        _pending.AddOrUpdate(scope, _ =>
        {
            isNew = true;
            return file;
        }, (_, _) =>
        {
            isNew = false;
            return file;
        });
        if (isNew)
        {
            _queue.Writer.TryWrite(scope);
        }
    }

    private async Task WriteAllAsync()
    {
        var written = 0;
        Prune();
        await foreach (var scope in _queue.Reader.ReadAllAsync())
        {
            if (!_pending.TryRemove(scope, out var file))
            {
                continue;
            }

            await WriteAsync(scope, file);
            if (++written % _maxFiles == 0)
            {
                Prune();
            }
        }
    }

    private async Task WriteAsync(ModuleScope scope, MapFile? file)
    {
        var path = PathOf(scope);
        var temporary = $"{path}.{_writer}.tmp"; // one per writer: a full disk must not fill up with halves
        try
        {
            if (file is null)
            {
                File.Delete(path);
                return;
            }

            Directory.CreateDirectory(_directory);
            await file.WriteAsync(temporary);
            File.SetLastWriteTimeUtc(temporary, _time.GetUtcNow().UtcDateTime);
            File.Move(temporary, path, overwrite: true);
        }
        catch (DirectoryNotFoundException) when (file is null)
        {
            return; // nothing was ever kept
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ClientLog.FileNotWritten(_logger, scope, _directory, e);
        }
    }

    // Files of scopes that nobody follows any more, and halves of files that a process left when it was killed.
    private void Prune()
    {
        try
        {
            if (!Directory.Exists(_directory))
            {
                return;
            }

            var yesterday = _time.GetUtcNow().UtcDateTime.AddDays(-1);
            var files = new DirectoryInfo(_directory).GetFiles("*" + MapFile.Extension).OrderByDescending(f => f.LastWriteTimeUtc).Skip(_maxFiles)
                .Concat(new DirectoryInfo(_directory).GetFiles($"*{MapFile.Extension}.*.tmp").Where(f => f.LastWriteTimeUtc < yesterday));
            foreach (var file in files)
            {
                file.Delete();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ClientLog.FileIgnored(_logger, _directory, e.Message);
        }
    }
}
