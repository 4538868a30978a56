using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using OrleansModules.Core.Bodies;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tests.Generators;
using OrleansModules.Core.Tests.Oracle;

namespace OrleansModules.Core.Tests.Bodies;

public sealed class SharedBodyTests
{
    private static readonly ContentCoding[] Codings = Enum.GetValues<ContentCoding>();

    [Fact]
    [Requirement("L8")]
    public void Start_and_end_decode_to_the_map_and_its_version_in_every_coding() => Laws.HoldForDice(300, dice =>
    {
        var world = dice.World();
        var map = world.Resolve().Workspace;
        var version = Version(dice);
        var cache = new BodyCache(1 << 24);
        var modules = new JsonArray([.. NaiveCascade.Map(world, ScopeKind.Workspace)]);
        var available = new JsonArray([.. map.Where(m => NaiveCascade.IsAvailable(world, m.Name, ScopeKind.Workspace)).Select(m => (JsonNode)m.Name)]);
        var expected = new JsonObject { ["modules"] = modules, ["version"] = version.ToString() };
        var names = new JsonObject { ["available"] = available, ["version"] = version.ToString() };
        foreach (var coding in Codings)
        {
            Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(Decode(map.Bodies.Modules(coding, cache), version, coding))), $"modules in {coding}");
            Assert.True(JsonNode.DeepEquals(names, JsonNode.Parse(Decode(map.Bodies.Available(coding, cache), version, coding))), $"available in {coding}");
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(1_000_000)]
    [InlineData(20_000_000)]
    public void Start_of_any_size_decodes_whether_it_compresses_or_not(int length)
    {
        var random = new Random(length);
        var noise = new byte[length];
        random.NextBytes(noise);
        foreach (var fill in new[] { noise, new byte[length] })
        {
            foreach (var coding in Codings)
            {
                var body = SharedBody.Encode(fill, coding);
                var end = ",\"version\":\"s1.o2.w3\"}"u8;
                var decoded = Decode(body, new MapVersion(ScopeKind.Workspace, 1, 2, 3), coding);
                Assert.True(decoded.AsSpan(0, length).SequenceEqual(fill), $"{coding} of {length}");
                Assert.True(decoded.AsSpan(length).SequenceEqual(end), $"end in {coding} of {length}");
            }
        }
    }

    [Fact]
    public void Longest_end_fits_into_the_room_that_is_promised()
    {
        var longest = new MapVersion(ScopeKind.Workspace, long.MaxValue, long.MaxValue, long.MaxValue, int.MaxValue);
        var plain = "{\"modules\":[]"u8.ToArray();
        foreach (var coding in Codings)
        {
            var body = SharedBody.Encode(plain, coding);
            Assert.InRange(body.WriteEnd(longest, new byte[SharedBody.MaxEndLength]), 1, SharedBody.MaxEndLength);
            Assert.Equal($"{{\"modules\":[],\"version\":\"{longest}\"}}", Encoding.UTF8.GetString(Decode(body, longest, coding)));
        }
    }

    [Fact]
    public void End_does_not_depend_on_what_was_in_the_buffer_and_allocates_nothing()
    {
        var version = new MapVersion(ScopeKind.Org, 12, 5, 0);
        var (clean, dirty) = (new byte[SharedBody.MaxEndLength], new byte[SharedBody.MaxEndLength]);
        Array.Fill(dirty, (byte)0xff);
        foreach (var coding in Codings)
        {
            var body = SharedBody.Encode("{\"modules\":[]"u8.ToArray(), coding);
            var length = body.WriteEnd(version, clean);
            Assert.Equal(length, body.WriteEnd(version, dirty));
            Assert.Equal(clean[..length], dirty[..length]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                body.WriteEnd(version, clean);
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void Crc_of_the_check_string_is_the_published_one()
    {
        Assert.Equal(0xCBF43926u, Crc32.Append(0, "123456789"u8));
        Assert.Equal(0u, Crc32.Append(0, []));
        Assert.Equal(0xCBF43926u, Crc32.Append(Crc32.Append(0, "1234"u8), "56789"u8));
    }

    internal static byte[] Decode(SharedBody body, MapVersion version, ContentCoding coding)
    {
        using var whole = new MemoryStream();
        whole.Write(body.Start.Span);
        var end = new byte[SharedBody.MaxEndLength];
        whole.Write(end, 0, body.WriteEnd(version, end));
        whole.Position = 0;
        using var plain = new MemoryStream();
        using Stream decoder = coding switch
        {
            ContentCoding.Gzip => new GZipStream(whole, CompressionMode.Decompress),
            ContentCoding.Brotli => new BrotliStream(whole, CompressionMode.Decompress),
            _ => whole,
        };
        decoder.CopyTo(plain);
        return plain.ToArray();
    }

    private static MapVersion Version(Dice dice) => dice.Below(4) switch
    {
        0 => new MapVersion(ScopeKind.System, dice.Below(1000), 0, 0),
        1 => new MapVersion(ScopeKind.Org, long.MaxValue, dice.Below(1000), 0),
        2 => new MapVersion(ScopeKind.Workspace, long.MaxValue, long.MaxValue, long.MaxValue, int.MaxValue),
        _ => new MapVersion(ScopeKind.Workspace, dice.Below(10), dice.Below(100), dice.Below(1_000_000)),
    };
}
