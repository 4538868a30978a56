using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>One segment file.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Base">Address of its first byte.</param>
/// <param name="FirstPosition">Feed position of its first change.</param>
/// <param name="Handle">Open for reading.</param>
internal sealed record Segment(string Path, long Base, long FirstPosition, SafeFileHandle Handle);

/// <summary>The segment files of a journal, read by address.</summary>
/// <remarks>
/// An address counts bytes over all segments: a segment's base plus the offset in its file. Safe for concurrent use: the list is
/// replaced whole when a segment is added.
/// </remarks>
internal sealed class Segments(string directory) : IDisposable
{
    private const int Format = 1;
    private const int ReadSize = 16 * 1024;
    private const string Extension = ".journal";

    private ImmutableList<Segment> _all = [];

    /// <summary>In order of address.</summary>
    public ImmutableList<Segment> All => Volatile.Read(ref _all);

    /// <summary>The files that are there, in order of address.</summary>
    public IEnumerable<(string Path, long Base)> Files() => Directory.EnumerateFiles(directory, "*" + Extension)
        .Select(path => (Path: path, Name: System.IO.Path.GetFileNameWithoutExtension(path)))
        .Where(f => f.Name.Length == 16)
        .Select(f => (f.Path, Base: long.TryParse(f.Name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var at) ? at : -1))
        .Where(f => f.Base >= 0)
        .OrderBy(f => f.Base);

    /// <summary>The file of a segment.</summary>
    public string PathOf(long @base) => System.IO.Path.Combine(directory, @base.ToString("x16", CultureInfo.InvariantCulture) + Extension);

    /// <summary>The first line of a segment.</summary>
    public static byte[] Header(long @base, long firstPosition)
    {
        var line = new ArrayBufferWriter<byte>(128);
        CheckedLine.Write(line, System.Text.Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $$"""{"format":{{Format}},"base":{{@base}},"firstPosition":{{firstPosition}}}""")));
        return line.WrittenSpan.ToArray();
    }

    /// <summary>Takes in a file whose header is durable.</summary>
    /// <returns>Null where the header is not whole.</returns>
    /// <exception cref="StoreException">The header is whole but not of this format, or not of this place.</exception>
    public Segment? Add(string path, long @base)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var line = ReadLine(handle, 0, RandomAccess.GetLength(handle));
        if (line is not { } whole || !CheckedLine.TryRead(whole, out var json))
        {
            handle.Dispose();
            return null;
        }

        using var document = JsonDocument.Parse(json);
        var header = document.RootElement;
        if (header.GetProperty("format").GetInt32() != Format || header.GetProperty("base").GetInt64() != @base)
        {
            handle.Dispose();
            throw new StoreException(StoreFailure.Corrupt, $"Journal file '{path}' at offset 0: its header is of another format or another place; this program reads format {Format}.");
        }

        var segment = new Segment(path, @base, header.GetProperty("firstPosition").GetInt64(), handle);
        Volatile.Write(ref _all, All.Add(segment));
        return segment;
    }

    /// <summary>The segment that an address lies in.</summary>
    public Segment At(long address) => All.FindLast(s => s.Base <= address) ?? throw new StoreException(StoreFailure.Corrupt, $"No journal file holds address {address}.");

    /// <summary>Reads the entry at an address.</summary>
    /// <exception cref="StoreException">There is no whole entry there.</exception>
    public JournalEntry Read(long address)
    {
        var segment = At(address);
        var offset = address - segment.Base;
        try
        {
            if (ReadLine(segment.Handle, offset, long.MaxValue) is { } line && CheckedLine.TryRead(line, out var json))
            {
                return JournalEntry.Read(json);
            }
        }
        catch (FormatException e)
        {
            throw Corrupt(segment.Path, offset, e.Message, e);
        }
        catch (IOException e)
        {
            throw new StoreException(StoreFailure.Unavailable, $"Journal file '{segment.Path}' cannot be read: {e.Message}", e);
        }

        throw Corrupt(segment.Path, offset, "the line is damaged");
    }

    /// <summary>Says where a journal is damaged.</summary>
    public static StoreException Corrupt(string path, long offset, string what, Exception? inner = null) => new(
        StoreFailure.Corrupt, string.Create(CultureInfo.InvariantCulture, $"Journal file '{path}' is damaged at offset {offset}: {what}. Nothing was changed; restore the file from a copy."), inner);

    /// <summary>Reads up to the next line feed.</summary>
    /// <returns>The line without it; null where there is none before <paramref name="end"/> or the end of the file.</returns>
    public static ReadOnlyMemory<byte>? ReadLine(SafeFileHandle handle, long offset, long end)
    {
        var buffer = new byte[ReadSize];
        var filled = 0;
        while (true)
        {
            var wanted = (int)Math.Min(buffer.Length - filled, end - offset - filled);
            var read = wanted <= 0 ? 0 : RandomAccess.Read(handle, buffer.AsSpan(filled, wanted), offset + filled);
            if (read == 0)
            {
                return null;
            }

            var feed = buffer.AsSpan(filled, read).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                return buffer.AsMemory(0, filled + feed);
            }

            filled += read;
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 4);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var segment in All)
        {
            segment.Handle.Dispose();
        }
    }
}
