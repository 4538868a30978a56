using System.Text.Json;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;

namespace OrleansModules.Storage.Journal;

/// <summary>The epoch of a data directory, in a file of its own; there is none until an epoch was raised.</summary>
internal sealed class EpochFile
{
    private const string Name = "epoch";

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly IJournalFiles _files;
    private readonly TimeProvider _time;
    private long _value;

    /// <summary>Reads the file.</summary>
    /// <exception cref="Core.Stores.StoreException">Of <see cref="Core.Stores.StoreFailure.Corrupt"/>: it is there but holds no epoch.</exception>
    public EpochFile(string directory, IJournalFiles files, TimeProvider time)
    {
        (_path, _files, _time) = (Path.Combine(directory, Name), files, time);
        if (File.Exists(_path))
        {
            _value = Read(File.ReadAllBytes(_path)) ?? throw StoreErrors.Corrupt(_path, 0, "It holds no epoch.");
        }
    }

    /// <summary>The epoch; 0 at first.</summary>
    public long Value => Interlocked.Read(ref _value);

    /// <summary>Writes the next epoch to the disk, then takes it.</summary>
    public long Raise(string reason)
    {
        lock (_gate)
        {
            var next = _value + 1;
            var unfinished = _path + ".tmp";
            using (var file = _files.OpenToWrite(unfinished))
            {
                var text = Write(next, reason);
                file.SetLength(0);
                file.Write(text.Span, 0);
                file.Flush();
            }

            _files.Rename(unfinished, _path);
            Interlocked.Exchange(ref _value, next);
            return next;
        }
    }

    private static long? Read(byte[] text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.GetProperty("epoch").GetInt64() is > 0 and var epoch ? epoch : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    private ReadOnlyMemory<byte> Write(long epoch, string reason) => CompactJson.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("epoch"u8, epoch);
        writer.WriteString("reason"u8, reason);
        writer.WriteString("at"u8, ChangeRecordJson.FormatTime(_time.GetUtcNow().UtcDateTime));
        writer.WriteEndObject();
    });
}
