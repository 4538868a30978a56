using Microsoft.Extensions.Logging;
using OrleansModules.Storage.Journal;
using OrleansModules.Testing;

namespace OrleansModules.Storage.Tests.Journal;

/// <summary>A data directory of one test, with everything a store is opened with.</summary>
internal sealed class JournalDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("journal-").FullName;

    public FakeTimeProvider Time { get; } = new();

    public FaultyFiles Files { get; } = new();

    public LogLines Log { get; } = new();

    public long SegmentBytes { get; init; } = 64L << 20;

    public long SnapshotEveryBytes { get; init; } = 32L << 20;

    public IEnumerable<string> Segments => Directory.EnumerateFiles(Path, "*.journal").Order(StringComparer.Ordinal);

    public IEnumerable<string> Snapshots => Directory.EnumerateFiles(Path, "*.snapshot").Order(StringComparer.Ordinal);

    public string LastSegment => Segments.Last();

    public Task<JournalStore> OpenAsync() => OpenAsync(Path);

    public Task<JournalStore> OpenAsync(string path) => JournalStore.OpenAsync(
        new JournalOptions { DataDirectory = path, SegmentBytes = SegmentBytes, SnapshotEveryBytes = SnapshotEveryBytes }, Time, Log, Files, CancellationToken.None);

    /// <summary>A directory with the same files.</summary>
    public string Copy(string name)
    {
        var copy = Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;
        foreach (var file in Segments.Concat(Snapshots))
        {
            File.Copy(file, System.IO.Path.Combine(copy, System.IO.Path.GetFileName(file)));
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    internal sealed class LogLines : ILogger<JournalStore>
    {
        private readonly List<(LogLevel Level, string Text)> _lines = [];

        public List<string> At(LogLevel level)
        {
            lock (_lines)
            {
                return [.. _lines.Where(l => l.Level == level).Select(l => l.Text)];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add((logLevel, formatter(state, exception)));
            }
        }
    }
}
