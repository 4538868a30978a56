using System.Buffers;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;

namespace OrleansModules.Storage.Journal;

/// <summary>A change on its way to the writer; as a task, what became of it.</summary>
internal sealed class PendingAppend : TaskCompletionSource<AppendOutcome>
{
    private readonly int _tailLength;
    private byte[]? _tail;

    /// <summary>Prepares a change, on the thread of whoever appends it.</summary>
    public PendingAppend(ChangeRecord change, Layer after)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        (Change, After) = (change, after);
        _tail = RecordTail.Rent(change, out _tailLength);
    }

    /// <summary>The change.</summary>
    public ChangeRecord Change { get; }

    /// <summary>The scope's layer after it.</summary>
    public Layer After { get; }

    /// <summary>See <see cref="RecordTail"/>.</summary>
    public ReadOnlySpan<byte> Tail => _tail.AsSpan(0, _tailLength);

    /// <summary>Gives the tail's memory back. Only the writer, once.</summary>
    public void ReleaseTail()
    {
        if (_tail is { } tail)
        {
            _tail = null;
            ArrayPool<byte>.Shared.Return(tail);
        }
    }
}
