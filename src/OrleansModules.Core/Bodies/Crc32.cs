namespace OrleansModules.Core.Bodies;

/// <summary>CRC-32 as gzip uses it (RFC 1952, section 8), continued over further bytes. The framework's own is not public.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>The check of the bytes checked so far and some more.</summary>
    /// <param name="soFar">0 at the start.</param>
    /// <param name="more">The further bytes.</param>
    public static uint Append(uint soFar, ReadOnlySpan<byte> more)
    {
        var crc = ~soFar;
        foreach (var b in more)
        {
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var n = 0u; n < 256; n++)
        {
            var c = n;
            for (var bit = 0; bit < 8; bit++)
            {
                c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
            }

            table[n] = c;
        }

        return table;
    }
}
