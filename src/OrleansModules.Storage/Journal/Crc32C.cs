using System.Buffers.Binary;
using System.Numerics;

namespace OrleansModules.Storage.Journal;

/// <summary>CRC-32C (Castagnoli) of a block of bytes, by the processor where it can.</summary>
internal static class Crc32C
{
    /// <summary>The checksum; of no bytes it is 0.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes)
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
