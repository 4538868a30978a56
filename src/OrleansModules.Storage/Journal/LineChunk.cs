namespace OrleansModules.Storage.Journal;

/// <summary>Lines that are parsed together, on all processors: parsing is most of what a start has to do. Not safe for concurrent use.</summary>
/// <typeparam name="T">What a line holds.</typeparam>
/// <param name="parse">Parses one line, safe for concurrent use; a <see cref="FormatException"/> is kept for whoever comes to that line.</param>
internal sealed class LineChunk<T>(Func<byte[], T> parse)
{
    private const int MostLines = 2048;

    private List<(byte[] Line, long Offset)> _lines = new(MostLines);
    private Task<ParsedLine<T>[]> _parsing = Task.FromResult<ParsedLine<T>[]>([]);

    /// <summary>Whether it is time to parse.</summary>
    public bool IsFull => _lines.Count == MostLines;

    /// <summary>Adds a sound line.</summary>
    /// <param name="line">The line; copied.</param>
    /// <param name="offset">Where it begins in the file, in bytes.</param>
    public void Add(ReadOnlyMemory<byte> line, long offset) => _lines.Add((line.ToArray(), offset));

    /// <summary>Begins to parse the lines that were added, while the caller works on those it gets.</summary>
    /// <returns>The lines of the turn before, in their order.</returns>
    public ParsedLine<T>[] Turn()
    {
        var (lines, before) = (_lines, _parsing);
        _lines = new(MostLines);
        _parsing = Task.Run(() =>
        {
            var parsed = new ParsedLine<T>[lines.Count];
            Parallel.For(0, parsed.Length, i => parsed[i] = Parse(lines[i].Line, lines[i].Offset));
            return parsed;
        });
        return before.GetAwaiter().GetResult();
    }

    /// <summary>Parses everything that is left.</summary>
    /// <returns>The lines that no turn gave yet, in their order.</returns>
    public ParsedLine<T>[] Rest() => [.. Turn(), .. Turn()];

    private ParsedLine<T> Parse(byte[] line, long offset)
    {
        try
        {
            return new ParsedLine<T>(offset, parse(line), null);
        }
        catch (FormatException e)
        {
            return new ParsedLine<T>(offset, default, e);
        }
    }
}

/// <summary>A parsed line.</summary>
/// <typeparam name="T">What a line holds.</typeparam>
/// <param name="Offset">Where it begins in the file, in bytes.</param>
/// <param name="Content">What it holds; none where there is a fault.</param>
/// <param name="Fault">Why it cannot be read; null where it can. Thrown when everything before the line proved right.</param>
internal readonly record struct ParsedLine<T>(long Offset, T? Content, FormatException? Fault);
