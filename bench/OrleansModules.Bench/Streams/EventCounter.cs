namespace OrleansModules.Bench.Streams;

/// <summary>Counts the events in the bytes of one stream, however they are cut. Every event has one line of data; heartbeats have none.</summary>
internal sealed class EventCounter
{
    private int _matched;

    private static ReadOnlySpan<byte> Mark => "\ndata:"u8;

    /// <summary>How many events there are in the next bytes.</summary>
    public int Count(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var b in bytes)
        {
            // The mark begins with the only line feed in it, so a mismatch can only start over.
            _matched = b == Mark[_matched] ? _matched + 1 : b == Mark[0] ? 1 : 0;
            if (_matched == Mark.Length)
            {
                count++;
                _matched = 0;
            }
        }

        return count;
    }

    /// <summary>The event that the bytes of a chunked answer end with, without the framing of its chunk.</summary>
    public static byte[] LastEvent(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.LastIndexOf("\n\n"u8);
        if (end < 0)
        {
            return [];
        }

        var framing = bytes[..end].LastIndexOf("\r\n"u8);
        return bytes[(framing < 0 ? 0 : framing + 2)..(end + 2)].ToArray();
    }
}
