using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>Applies the changes of segments to a state, checking that they follow each other. While some are applied, the next are parsed.</summary>
internal sealed class JournalReplay(JournalState state)
{
    private readonly LineChunk<(RecordLine Start, ChangeRecord Record)> _chunk = new(line => (RecordLine.ReadStart(line), RecordLine.ReadRecord(line)));

    /// <summary>Changes applied so far.</summary>
    public long Count { get; private set; }

    /// <summary>Applies the changes of one segment.</summary>
    /// <param name="file">The segment's file.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="offset">Where to begin in the file, in bytes.</param>
    /// <param name="isLast">Whether a torn tail is possible.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Length of what is sound, in bytes: less than the file's length when its tail is torn.</returns>
    /// <exception cref="StoreException">Of <see cref="StoreFailure.Corrupt"/>.</exception>
    public long Run(IJournalFile file, Segment segment, long offset, bool isLast, CancellationToken cancellationToken)
    {
        var length = file.Length;
        using var lines = new LineScanner(file, offset, length, LineScanner.LongRead);
        while (lines.Read())
        {
            if (lines.IsSound)
            {
                _chunk.Add(lines.Line, lines.Offset);
                if (_chunk.IsFull)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Apply(_chunk.Turn(), segment);
                }

                continue;
            }

            Apply(_chunk.Rest(), segment);
            if (isLast && TornTail.FindLaterBatch(file, lines.Offset, segment.Base) is null)
            {
                return lines.Offset;
            }

            throw StoreErrors.Corrupt(segment.Path, lines.Offset, "The line does not match its checksum, and changes were committed after it.");
        }

        Apply(_chunk.Rest(), segment);
        return length;
    }

    private void Apply(ParsedLine<(RecordLine Start, ChangeRecord Record)>[] lines, Segment segment)
    {
        foreach (var line in lines)
        {
            try
            {
                if (line.Fault is { } fault)
                {
                    throw fault;
                }

                Apply(line.Content.Start, line.Content.Record, segment.Base + line.Offset);
                Count++;
            }
            catch (FormatException e)
            {
                throw StoreErrors.Corrupt(segment.Path, line.Offset, e.Message, e);
            }
        }
    }

    private void Apply(RecordLine start, ChangeRecord parsed, long address)
    {
        var record = ShareOrgId(parsed);
        if (record.Position != state.Head + 1)
        {
            throw new FormatException($"Position {record.Position} does not follow {state.Head}.");
        }

        var before = state.Find(record.Scope);
        if (record.Revision != before.Revision + 1)
        {
            throw new FormatException($"{record.Scope}: revision {record.Revision} does not follow {before.Revision}.");
        }

        if (start.Previous != before.HeadAddress || start.Batch > address)
        {
            throw new FormatException($"{record.Scope}: the line names {start.Previous} as the scope's change before it, which is at {before.HeadAddress}.");
        }

        state.Put(record.Scope, new ScopeEntry(LayerFold.Apply(before.Layer, record), address));
        if (record.OperationId is { } operationId)
        {
            state.PutOperation(operationId, new OperationEntry(address, record.At));
        }

        state.Advance(record.Position, address);
    }

    private ChangeRecord ShareOrgId(ChangeRecord record) => record.Properties is { OrgId: { } orgId } properties
        ? record with { Properties = properties with { OrgId = state.SharedOrgId(orgId) } }
        : record;
}
