using System.Text;
using OrleansModules.Core.Bodies;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tests.Generators;

namespace OrleansModules.Core.Tests.Bodies;

public sealed class BodyCacheTests
{
    private static readonly MapVersion Version = new(ScopeKind.Workspace, 1, 2, 3);

    [Fact]
    public void Memory_stays_within_the_bound_and_answers_stay_right() => Laws.HoldForDice(60, dice =>
    {
        var maps = Enumerable.Range(0, 6).Select(_ => dice.World().Resolve().Workspace).ToList();
        var expected = maps.ConvertAll(m => Plain(m, ContentCoding.Identity, new BodyCache(1 << 24)));
        var largest = expected.Max(e => e.Length);
        var capacity = largest * (1 + dice.Below(4));
        var cache = new BodyCache(capacity);
        for (var i = 0; i < 200; i++)
        {
            var pick = dice.Below(maps.Count);
            Assert.Equal(expected[pick], Plain(maps[pick], (ContentCoding)dice.Below(3), cache));
            Assert.InRange(cache.Bytes, 0, capacity);
        }
    });

    [Fact]
    public void Body_larger_than_the_bound_is_served_and_not_kept()
    {
        var map = MapWithModules();
        var cache = new BodyCache(1);
        var first = map.Bodies.Modules(ContentCoding.Gzip, cache);
        Assert.Equal(0, cache.Bytes);
        var second = map.Bodies.Modules(ContentCoding.Gzip, cache);
        Assert.NotSame(first, second);
        Assert.Equal(first.Start.ToArray(), second.Start.ToArray());
    }

    [Fact]
    public void Body_used_lately_outlives_the_one_that_was_not()
    {
        var (used, unused) = (MapWithModules(), MapWithModules());
        var size = used.Bodies.Available(ContentCoding.Identity, new BodyCache(1 << 20)).Start.Length;
        (used, unused) = (MapWithModules(), MapWithModules());
        var cache = new BodyCache((2 * size) + (size / 2));
        var kept = used.Bodies.Available(ContentCoding.Identity, cache);
        var dropped = unused.Bodies.Available(ContentCoding.Identity, cache);
        Assert.Same(kept, used.Bodies.Available(ContentCoding.Identity, cache));
        MapWithModules().Bodies.Available(ContentCoding.Identity, cache);
        Assert.Same(kept, used.Bodies.Available(ContentCoding.Identity, cache));
        Assert.NotSame(dropped, unused.Bodies.Available(ContentCoding.Identity, cache));
    }

    [Fact]
    public async Task Concurrent_first_use_makes_one_body()
    {
        for (var round = 0; round < 200; round++)
        {
            var map = MapWithModules();
            var cache = new BodyCache(1 << 24);
            using var start = new Barrier(4);
            var bodies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return map.Bodies.Modules(ContentCoding.Gzip, cache);
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            Assert.All(bodies, b => Assert.Same(bodies[0], b));
            Assert.Same(bodies[0], map.Bodies.Modules(ContentCoding.Gzip, cache));

            // Accounted once: the modules, the plain body and the compressed one.
            var plain = map.Bodies.Modules(ContentCoding.Identity, cache);
            Assert.Equal(map.Sum(m => m.Utf8(cache).Length) + plain.Start.Length + bodies[0].Start.Length, cache.Bytes);
        }
    }

    [Fact]
    public async Task Concurrent_use_within_a_small_bound_keeps_answers_and_accounts_right()
    {
        var maps = Enumerable.Range(0, 8).Select(i => new Dice(100 + i).World().Resolve().Workspace).ToList();
        var expected = maps.ConvertAll(m => Plain(m, ContentCoding.Identity, new BodyCache(1 << 24)));
        var cache = new BodyCache(expected.Max(e => e.Length) * 2);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Factory.StartNew(
            () =>
            {
                var dice = new Dice(t);
                for (var i = 0; i < 1500; i++)
                {
                    var pick = dice.Below(maps.Count);
                    Assert.Equal(expected[pick], Plain(maps[pick], (ContentCoding)dice.Below(2), cache));
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        // One more body that cannot stay sweeps whatever is over the bound; nothing may be counted that is not there.
        MapWithModules().Bodies.Modules(ContentCoding.Identity, cache);
        Assert.InRange(cache.Bytes, 0, expected.Max(e => e.Length) * 2);
    }

    private static EffectiveMap MapWithModules() => new Dice(77).World() is var world && world.Definitions.Length > 2 ? world.Resolve().Workspace : throw new InvalidOperationException("The seed gives too few modules.");

    private static string Plain(EffectiveMap map, ContentCoding coding, BodyCache cache) =>
        Encoding.UTF8.GetString(SharedBodyTests.Decode(map.Bodies.Modules(coding, cache), Version, coding));
}
