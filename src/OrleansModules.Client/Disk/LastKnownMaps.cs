using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace OrleansModules.Client.Disk;

/// <summary>Keeps the last known map of each scope in a directory, for the next start of the process.</summary>
/// <remarks>
/// Safe for concurrent use, also by several processes: files are replaced whole, and whatever cannot be read is as if it were not there.
/// Writing happens beside the work, the newest map of a scope only; a disk that fails costs the files and nothing else, and is tried again with the next confirmation.
/// The time of a file says when the service last confirmed its map: to the moment after an orderly end, else up to <see cref="TouchInterval"/> too early.
/// Files that nobody confirmed for <see cref="KeptFor"/> are removed.
/// </remarks>
internal sealed class LastKnownMaps : IAsyncDisposable
{
    /// <summary>How often the time of a file follows the confirmations of its map.</summary>
    public static readonly TimeSpan TouchInterval = TimeSpan.FromHours(1);

    /// <summary>How long a file is kept that nobody confirms.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    private static readonly TimeSpan PruneInterval = TimeSpan.FromHours(1);

    private readonly string _directory;
    private readonly string _service;
    private readonly int _maxBytes;
    private readonly Func<IEnumerable<ModuleScope>> _followed;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<ModuleScope, MapFile?> _pending = new();
    private readonly ConcurrentDictionary<ModuleScope, MapFile?> _failed = new();
    private readonly ConcurrentDictionary<ModuleScope, (MapVersion Version, DateTimeOffset At)> _confirmed = new();
    private readonly Channel<ModuleScope> _queue = Channel.CreateUnbounded<ModuleScope>(new UnboundedChannelOptions { SingleReader = true });
    private readonly string _writer = Guid.NewGuid().ToString("N")[..8];
    private readonly Task _writing;

    public LastKnownMaps(string directory, ModulesClientOptions options, Func<IEnumerable<ModuleScope>> followed, TimeProvider time, ILogger logger)
    {
        _directory = Path.GetFullPath(directory);
        _service = options.Address!.AbsoluteUri; // validated
        _maxBytes = options.MaxMapBytes;
        _followed = followed;
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

    /// <summary>Notes, soon, when a version of a scope's map was confirmed.</summary>
    public void Touch(ModuleScope scope, MapVersion version, DateTimeOffset confirmedAt)
    {
        _confirmed[scope] = (version, confirmedAt);
        _queue.Writer.TryWrite(scope);
    }

    /// <summary>Tries again what could not be done for a scope; does nothing where there is nothing such.</summary>
    public void Retry(ModuleScope scope)
    {
        if (_failed.ContainsKey(scope))
        {
            _queue.Writer.TryWrite(scope);
        }
    }

    /// <summary>Gives up what could not be done for a scope, which is not followed any more.</summary>
    public void Forget(ModuleScope scope) => _failed.TryRemove(scope, out _);

    /// <summary>Notes now when a version of a scope's map was confirmed, if that is the version in the file.</summary>
    public async Task TouchAsync(ModuleScope scope, MapVersion version, DateTimeOffset confirmedAt)
    {
        var path = PathOf(scope);
        try
        {
            if (File.Exists(path) && await MapFile.ReadVersionAsync(path) == version)
            {
                File.SetLastWriteTimeUtc(path, confirmedAt.UtcDateTime);
            }
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
        long? prunedAt = null;
        await foreach (var scope in _queue.Reader.ReadAllAsync())
        {
            if (_pending.TryRemove(scope, out var file) || _failed.TryGetValue(scope, out file))
            {
                await WriteAsync(scope, file);
            }

            if (_confirmed.TryRemove(scope, out var confirmed))
            {
                await TouchAsync(scope, confirmed.Version, confirmed.At);
            }

            if (prunedAt is not { } at || _time.GetElapsedTime(at) >= PruneInterval)
            {
                prunedAt = _time.GetTimestamp();
                Prune();
            }
        }

        foreach (var (scope, file) in _failed)
        {
            await WriteAsync(scope, file); // the last chance
        }
    }

    private async Task WriteAsync(ModuleScope scope, MapFile? file)
    {
        var path = PathOf(scope);
        try
        {
            if (file is not null)
            {
                await ReplaceAsync(path, file);
            }
            else if (File.Exists(path))
            {
                File.Delete(path);
            }

            _failed.TryRemove(scope, out _);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_failed.ContainsKey(scope))
            {
                ClientLog.FileNotWritten(_logger, scope, _directory, e); // once, not at every further attempt
            }

            _failed[scope] = file;
        }
    }

    private async Task ReplaceAsync(string path, MapFile file)
    {
        var temporary = $"{path}.{_writer}.tmp"; // one per writer: a full disk must not fill up with halves
        Directory.CreateDirectory(_directory);
        await file.WriteAsync(temporary);
        File.SetLastWriteTimeUtc(temporary, _time.GetUtcNow().UtcDateTime);
        File.Move(temporary, path, overwrite: true);
    }

    // Files that nobody confirmed for so long, here or elsewhere, and halves of files that a process left when it was killed.
    private void Prune()
    {
        var followed = _followed().ToHashSet();
        foreach (var scope in _failed.Keys.Where(s => !followed.Contains(s)))
        {
            Forget(scope); // it failed after it had been evicted
        }

        try
        {
            if (!Directory.Exists(_directory))
            {
                return;
            }

            var (now, directory) = (_time.GetUtcNow().UtcDateTime, new DirectoryInfo(_directory));
            var used = followed.Select(MapFile.NameOf).ToHashSet(StringComparer.Ordinal);
            var files = directory.GetFiles("*" + MapFile.Extension).Where(f => f.LastWriteTimeUtc < now - KeptFor && !used.Contains(f.Name))
                .Concat(directory.GetFiles($"*{MapFile.Extension}.*.tmp").Where(f => f.LastWriteTimeUtc < now.AddDays(-1)));
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
