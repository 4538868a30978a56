using OrleansModules.Core.Changes;

namespace OrleansModules.Storage.Journal;

/// <summary>Lines of a segment that are parsed together, on all processors: parsing is most of what a start has to do.</summary>
internal sealed class ReplayChunk
{
    private const int MostLines = 2048;
    private readonly List<(byte[] Line, long Offset)> _lines = new(MostLines);

    /// <summary>Whether it is time to parse.</summary>
    public bool IsFull => _lines.Count == MostLines;

    /// <summary>Adds a sound line.</summary>
    /// <param name="line">The line; copied.</param>
    /// <param name="offset">Where it begins in the file, in bytes.</param>
    public void Add(ReadOnlyMemory<byte> line, long offset) => _lines.Add((line.ToArray(), offset));

    /// <summary>Parses all lines, and is empty afterwards.</summary>
    /// <returns>In the order of the lines.</returns>
    public Parsed[] Parse()
    {
        var parsed = new Parsed[_lines.Count];
        Parallel.For(0, parsed.Length, i => parsed[i] = ParseLine(_lines[i].Line, _lines[i].Offset));
        _lines.Clear();
        return parsed;
    }

    private static Parsed ParseLine(byte[] line, long offset)
    {
        try
        {
            return new Parsed(offset, RecordLine.ReadStart(line), RecordLine.ReadRecord(line), null);
        }
        catch (FormatException e)
        {
            // Whoever applies the lines throws it, when everything before it proved right.
            return new Parsed(offset, default, null, e);
        }
    }

    /// <summary>A parsed line.</summary>
    /// <param name="Offset">Where it begins in the file, in bytes.</param>
    /// <param name="Start">Its start.</param>
    /// <param name="Record">The change; null where there is a fault.</param>
    /// <param name="Fault">Why the line holds no change.</param>
    internal readonly record struct Parsed(long Offset, RecordLine Start, ChangeRecord? Record, FormatException? Fault);
}
