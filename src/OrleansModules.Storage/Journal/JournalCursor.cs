using OrleansModules.Core.Changes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>A place in the durable part of the journal. Not safe for concurrent use.</summary>
/// <remarks>Every failure to read is a <see cref="StoreException"/>: damage names file and offset.</remarks>
internal sealed class JournalCursor(IJournalFiles files, SegmentView view, int readBytes = LineScanner.ShortRead) : IDisposable
{
    private int _segment = -1;
    private IJournalFile? _file;
    private LineScanner? _lines;

    /// <summary>The line at the cursor.</summary>
    public ReadOnlyMemory<byte> Line => Lines.Line;

    private LineScanner Lines => _lines ?? throw new InvalidOperationException("The cursor is nowhere yet.");

    private Segment Segment => view.Segments[_segment];

    /// <summary>Goes to the change at an address.</summary>
    public void MoveTo(long address)
    {
        if (!ScanFrom(address))
        {
            throw StoreErrors.Corrupt(Segment.Path, address - Segment.Base, "A change should be here.");
        }
    }

    /// <summary>Goes to the first change at or after an address that a line begins at; false at the end.</summary>
    public bool ScanFrom(long address)
    {
        var index = view.IndexOfAddress(address);
        OpenAt(index, address - view.Segments[index].Base);
        return ScanNext();
    }

    /// <summary>Goes to the next change, in this segment or the next; false at the end.</summary>
    public bool ScanNext()
    {
        try
        {
            while (true)
            {
                if (Lines.Read())
                {
                    if (Lines.Offset > 0)
                    {
                        break;
                    }

                    continue; // The header.
                }

                if (_segment + 1 >= view.Segments.Length)
                {
                    return false;
                }

                OpenAt(_segment + 1, 0);
            }
        }
        catch (Exception e) when (StoreErrors.IsFileFailure(e))
        {
            throw StoreErrors.Unreadable(e);
        }

        return Lines.IsSound ? true : throw StoreErrors.Corrupt(Segment.Path, Lines.Offset, "The line does not match its checksum.");
    }

    /// <summary>Reads the start of the line at the cursor.</summary>
    public RecordLine ReadStart() => Read(line => RecordLine.ReadStart(line.Span));

    /// <summary>Reads the change at the cursor.</summary>
    public ChangeRecord ReadRecord() => Read(RecordLine.ReadRecord);

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines?.Dispose();
        _file?.Dispose();
    }

    private T Read<T>(Func<ReadOnlyMemory<byte>, T> read)
    {
        try
        {
            return read(Line);
        }
        catch (FormatException e)
        {
            throw StoreErrors.Corrupt(Segment.Path, Lines.Offset, e.Message, e);
        }
    }

    private void OpenAt(int index, long offset)
    {
        try
        {
            if (_segment != index)
            {
                _file?.Dispose();
                _file = null;
                _file = files.OpenToRead(view.Segments[index].Path);
                _segment = index;
            }
        }
        catch (Exception e) when (StoreErrors.IsFileFailure(e))
        {
            throw StoreErrors.Unreadable(e);
        }

        if (_lines is null)
        {
            _lines = new LineScanner(_file!, offset, view.LengthOf(index), readBytes); // Opened above.
        }
        else
        {
            _lines.Restart(_file!, offset, view.LengthOf(index)); // Opened above.
        }
    }
}
