using System.Text;
using System.Threading.Channels;

namespace OrleansModules.Client.Tests.Hosting;

/// <summary>The body of one event stream, written by a test as it goes.</summary>
internal sealed class ServerStream : Stream
{
    private readonly Channel<byte[]> _chunks = Channel.CreateUnbounded<byte[]>();
    private readonly Lock _changing = new();
    private TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _rest = [];

    /// <summary>Ends when the client closes the stream.</summary>
    public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Sends text and waits until the client has dealt with it and reads on.</summary>
    public async Task SendAsync(string text)
    {
        Task idle;
        lock (_changing)
        {
            // In one step, as a client that comes to read in between would be taken for one that has dealt with it.
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            idle = _idle.Task;
            Write(text);
        }

        await idle.Soon($"the client to deal with '{text}'");
    }

    /// <summary>Sends text, whatever becomes of it.</summary>
    public void Write(string text) => _chunks.Writer.TryWrite(Encoding.UTF8.GetBytes(text));

    /// <summary>Tells of a version.</summary>
    public Task SendVersionAsync(string version) => SendAsync(Maps.Event(version));

    /// <summary>Ends the stream.</summary>
    /// <param name="error">How it breaks; null: in order.</param>
    public void End(Exception? error = null) => _chunks.Writer.TryComplete(error);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.Length == 0 && !_chunks.Reader.TryRead(out _rest!))
        {
            _rest = [];
            lock (_changing)
            {
                if (_chunks.Reader.Count == 0)
                {
                    _idle.TrySetResult();
                }
            }

            if (!await _chunks.Reader.WaitToReadAsync(cancellationToken))
            {
                return 0;
            }

            _chunks.Reader.TryRead(out _rest!);
        }

        var length = Math.Min(buffer.Length, _rest.Length);
        _rest.AsMemory(0, length).CopyTo(buffer);
        _rest = _rest[length..];
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Closed.TrySetResult();
        base.Dispose(disposing);
    }
}
