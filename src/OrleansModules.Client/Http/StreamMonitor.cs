namespace OrleansModules.Client.Http;

/// <summary>Watches the bytes of an event stream on their way to the parser: heartbeats, which are comments, and silence do not come out of it.</summary>
/// <param name="inner">The stream.</param>
/// <param name="silence">Runs while a read waits.</param>
/// <param name="heartbeat">Called when comments came, and no event with or before them that the parser has yet to tell.</param>
/// <remarks>Read by one reader. Bounds what the parser has to keep: events without end are garbage.</remarks>
internal sealed class StreamMonitor(Stream inner, Deadline silence, Action heartbeat) : Stream
{
    private const int MaxEventBytes = 4 << 20;
    private const int MaxEventLines = 100; // the parser's work grows with the square of them

    private int _eventBytes;
    private int _eventLines;
    private int _lineBytes;
    private bool _afterReturn;
    private bool _inEvent;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        silence.Restart();
        var read = await inner.ReadAsync(buffer, silence.Token);
        silence.Pause();
        if (Scan(buffer.Span[..read]))
        {
            heartbeat();
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private bool Scan(ReadOnlySpan<byte> bytes)
    {
        var (comment, quiet) = (false, !_inEvent);
        foreach (var b in bytes)
        {
            if (b is (byte)'\n' && _afterReturn)
            {
                _afterReturn = false; // the second half of one line end
                continue;
            }

            _afterReturn = b is (byte)'\r';
            if (b is (byte)'\n' or (byte)'\r')
            {
                EndLine();
                continue;
            }

            if (_lineBytes++ == 0)
            {
                comment |= b is (byte)':';
                _inEvent |= b is not ((byte)':' or (byte)'r'); // retry is no part of an event
                quiet &= !_inEvent;
            }

            if (++_eventBytes > MaxEventBytes)
            {
                throw new ServiceException(CopyProblem.BadAnswer, $"An event is larger than {MaxEventBytes} bytes.");
            }
        }

        return comment && quiet;
    }

    private void EndLine()
    {
        if (_lineBytes == 0)
        {
            (_eventBytes, _eventLines, _inEvent) = (0, 0, false);
        }
        else if (++_eventLines > MaxEventLines)
        {
            throw new ServiceException(CopyProblem.BadAnswer, $"An event has more than {MaxEventLines} lines.");
        }

        _lineBytes = 0;
    }
}
