using System.Text;
using OrleansModules.Storage.Journal;

namespace OrleansModules.Storage.Tests.Journal;

public sealed class Crc32CTests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("a", 0xC1D04330u)]
    [InlineData("123456789", 0xE3069283u)]
    public void Compute_public_vectors_give_the_public_checksums(string text, uint expected) =>
        Assert.Equal(expected, Crc32C.Compute(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void IsSound_any_flipped_bit_is_found()
    {
        var lines = new LineBuffer();
        lines.BeginLine();
        lines.Write("""{"a":"bcdef"}"""u8);
        lines.EndLine();
        var line = lines.Written[..^1].ToArray();
        Assert.True(JournalLine.IsSound(line));

        for (var bit = 0; bit < line.Length * 8; bit++)
        {
            line[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(JournalLine.IsSound(line), $"bit {bit}");
            line[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
