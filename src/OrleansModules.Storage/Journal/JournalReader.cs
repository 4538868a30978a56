using System.Text;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>Reads changes back from the files. Safe for concurrent use: every read opens what it needs.</summary>
internal sealed class JournalReader(IJournalFiles files)
{
    /// <summary>Reads the change at an address.</summary>
    /// <exception cref="StoreException">It cannot be read, or is damaged.</exception>
    public ChangeRecord ReadAt(SegmentView view, long address)
    {
        using var cursor = new JournalCursor(files, view);
        cursor.MoveTo(address);
        return cursor.ReadRecord();
    }

    /// <summary>Walks the changes of one scope, newest first.</summary>
    /// <param name="view">Where to look.</param>
    /// <param name="headAddress">Logical address of the scope's last change; <see cref="RecordLine.NoAddress"/> when it has none.</param>
    /// <param name="query">Which of them.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <exception cref="StoreException">A change cannot be read, or is damaged.</exception>
    public List<ChangeRecord> History(SegmentView view, long headAddress, HistoryQuery query, CancellationToken cancellationToken)
    {
        var found = new List<ChangeRecord>();
        var quoted = query.Module is null ? null : Encoding.UTF8.GetBytes($"\"{query.Module}\"");
        using var cursor = new JournalCursor(files, view);
        for (var address = headAddress; address != RecordLine.NoAddress && found.Count < query.Limit;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            cursor.MoveTo(address);
            var start = cursor.ReadStart();
            address = start.Previous;
            var isAsked = start.Revision < (query.Before ?? long.MaxValue) && (quoted is null || cursor.Line.Span.IndexOf(quoted) >= 0);
            if (isAsked && cursor.ReadRecord() is var record && (query.Module is null || record.Touches(query.Module)))
            {
                found.Add(record);
            }
        }

        return found;
    }

    /// <summary>Reads changes in order of position.</summary>
    /// <param name="view">Where to look.</param>
    /// <param name="address">Logical address of any change at or before the first asked for, or of a segment.</param>
    /// <param name="after">The last position not asked for.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <exception cref="StoreException">A change cannot be read, or is damaged.</exception>
    public List<ChangeRecord> Feed(SegmentView view, long address, long after, int limit, CancellationToken cancellationToken)
    {
        var found = new List<ChangeRecord>();
        using var cursor = new JournalCursor(files, view, LineScanner.LongRead);
        for (var there = cursor.ScanFrom(address); there && found.Count < limit; there = cursor.ScanNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (cursor.ReadStart().Position > after)
            {
                found.Add(cursor.ReadRecord());
            }
        }

        return found;
    }
}
