using System.Buffers.Binary;
using System.Numerics;

namespace OrleansModules.Storage.Journal;

/// <summary>CRC-32C (Castagnoli) as in RFC 3720, by the processor's instruction where there is one.</summary>
internal static class Crc32C
{
    /// <summary>The check of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
