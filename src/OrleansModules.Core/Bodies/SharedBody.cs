using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Compression;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Bodies;

/// <summary>A serialized answer without its end: everything but <c>,"version":"s12.o5.w3"}</c>, which differs from scope to scope.</summary>
/// <remarks>
/// Immutable. Scopes that share a map share these bytes, compressed ones too (law L8). The encoded start ends on a byte boundary
/// and leaves the stream open, so that an end can be appended uncompressed: as a stored block in gzip (RFC 1951, 3.2.4), as an
/// uncompressed meta-block in brotli (RFC 7932, 9.2).
/// </remarks>
public sealed class SharedBody
{
    /// <summary>Room that the longest end needs, in bytes.</summary>
    public const int MaxEndLength = 128;

    /// <summary>The most that a coding puts around an end, in bytes.</summary>
    public const int MaxFrameLength = StoredBlockHeader + GzipTrailer;

    private const int StoredBlockHeader = 5;
    private const int GzipTrailer = 8;
    private const int BrotliBlockHeader = 3;
    private const int BrotliQuality = 5;
    private const int BrotliWindow = 22;

    private readonly ContentCoding _coding;
    private readonly byte[] _start;
    private readonly uint _crc;
    private readonly int _plainLength;

    private SharedBody(ContentCoding coding, byte[] start, uint crc, int plainLength) => (_coding, _start, _crc, _plainLength) = (coding, start, crc, plainLength);

    /// <summary>The encoded start.</summary>
    public ReadOnlyMemory<byte> Start => _start;

    /// <summary>Encodes a start.</summary>
    /// <param name="plain">An open JSON object that has at least one member. Not copied: never change it afterwards.</param>
    /// <param name="coding">How to encode it.</param>
    public static SharedBody Encode(byte[] plain, ContentCoding coding) => coding switch
    {
        ContentCoding.Gzip => new SharedBody(coding, GzipStart(plain), Crc32.Append(0, plain), plain.Length),
        ContentCoding.Brotli => new SharedBody(coding, BrotliStart(plain), 0, plain.Length),
        _ => new SharedBody(coding, plain, 0, plain.Length),
    };

    /// <summary>Encodes the end of the answer for one version. Allocates nothing.</summary>
    /// <param name="version">The version.</param>
    /// <param name="destination">At least <see cref="MaxEndLength"/> bytes.</param>
    /// <param name="staleFor">How old the answer may be, said in whole seconds as <c>staleFor</c>; null says nothing.</param>
    /// <returns>The number of bytes written.</returns>
    public int WriteEnd(MapVersion version, Span<byte> destination, TimeSpan? staleFor = null) =>
        Frame(PlainEnd(version, destination[HeaderLength..], staleFor), destination);

    /// <summary>Encodes another end of the answer. Allocates nothing.</summary>
    /// <param name="end">The rest of the JSON object, at most 65,535 bytes.</param>
    /// <param name="destination">At least <see cref="MaxFrameLength"/> bytes more than <paramref name="end"/>.</param>
    /// <returns>The number of bytes written.</returns>
    public int WriteEnd(ReadOnlySpan<byte> end, Span<byte> destination)
    {
        end.CopyTo(destination[HeaderLength..]);
        return Frame(end.Length, destination);
    }

    private int HeaderLength => _coding switch
    {
        ContentCoding.Gzip => StoredBlockHeader,
        ContentCoding.Brotli => BrotliBlockHeader,
        _ => 0,
    };

    /// <summary>Puts what the coding wants around an end that stands behind the room for its header.</summary>
    private int Frame(int length, Span<byte> destination)
    {
        switch (_coding)
        {
            case ContentCoding.Gzip:
            {
                var end = destination.Slice(StoredBlockHeader, length);
                destination[0] = 1; // last block, stored
                BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)length);
                BinaryPrimitives.WriteUInt16LittleEndian(destination[3..], (ushort)~length);
                var trailer = destination[(StoredBlockHeader + length)..];
                BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32.Append(_crc, end));
                BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)(_plainLength + length));
                return StoredBlockHeader + length + GzipTrailer;
            }

            case ContentCoding.Brotli:
            {
                // ISLAST 0, MNIBBLES 00 (four), MLEN-1 in 16 bits, ISUNCOMPRESSED 1, then zeros to the byte boundary.
                var header = ((uint)(length - 1) << 3) | (1u << 19);
                destination[0] = (byte)header;
                destination[1] = (byte)(header >> 8);
                destination[2] = (byte)(header >> 16);
                destination[BrotliBlockHeader + length] = 0b11; // ISLAST, ISLASTEMPTY
                return BrotliBlockHeader + length + 1;
            }

            default:
                return length;
        }
    }

    private static int PlainEnd(MapVersion version, Span<byte> destination, TimeSpan? staleFor)
    {
        var before = ",\"version\":\""u8;
        before.CopyTo(destination);
        var length = before.Length + version.Format(destination[before.Length..]);
        destination[length++] = (byte)'"';
        if (staleFor is { } age)
        {
            var stale = ",\"staleFor\":"u8;
            stale.CopyTo(destination[length..]);
            length += stale.Length;
            Utf8Formatter.TryFormat((long)age.TotalSeconds, destination[length..], out var digits);
            length += digits;
        }

        destination[length++] = (byte)'}';
        return length;
    }

    private static byte[] GzipStart(byte[] plain)
    {
        // Magic, deflate, no flags, no time, no extra flags, unknown system (RFC 1952, 2.3).
        ReadOnlySpan<byte> header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
        using var buffer = new MemoryStream((plain.Length / 4) + 64);
        buffer.Write(header);
        using var deflate = new DeflateStream(buffer, CompressionLevel.Optimal, leaveOpen: true);
        deflate.Write(plain);
        deflate.Flush(); // a sync flush: ends on a byte boundary, leaves the stream open
        return buffer.ToArray();
    }

    private static byte[] BrotliStart(byte[] plain)
    {
        using var encoder = new BrotliEncoder(BrotliQuality, BrotliWindow);
        var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length) + 64];
        encoder.Compress(plain, buffer, out _, out var written, isFinalBlock: false);
        var length = written;
        encoder.Flush(buffer.AsSpan(length), out written);
        return buffer[..(length + written)];
    }
}
