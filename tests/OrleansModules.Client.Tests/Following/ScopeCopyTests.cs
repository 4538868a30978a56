using Microsoft.Extensions.Logging.Abstractions;
using OrleansModules.Client.Following;
using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.Following;

public sealed class ScopeCopyTests
{
    [Fact]
    [Requirement("L7")]
    public async Task Readers_never_see_a_version_go_back_whatever_comes_in()
    {
        var copy = new ScopeCopy(ClientFixture.Red, new ManualTime(), NullLogger.Instance);
        var told = new List<MapVersion>();
        using var watching = copy.Watch(c => told.Add(c.Snapshot!.Version));
        var writers = Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var dice = new Random(seed);
            for (var i = 0; i < 2000; i++)
            {
                copy.TryAdopt(Maps.Read(Maps.Map(new MapVersion(dice.Next(i / 20 + 1), dice.Next(i / 20 + 1), dice.Next(i / 20 + 1), dice.Next(100) == 0 ? i / 500 : 0).ToString())), null);
            }
        })).ToArray();
        var writing = Task.WhenAll(writers);
        var reader = Task.Run(() =>
        {
            MapVersion? before = null;
            while (!writing.IsCompleted)
            {
                if (copy.Snapshot?.Version is { } now)
                {
                    Assert.True(before is null || now.Includes(before.Value), $"{now} after {before}");
                    before = now;
                }
            }
        });
        await Task.WhenAll(writing, reader).Soon("writers and reader");
        Assert.True(told.Count > 10);
        Assert.All(told.Zip(told.Skip(1)), step => Assert.True(step.Second.Includes(step.First) && step.First != step.Second, $"{step.Second} after {step.First}"));
    }

    [Fact]
    public void Watcher_removed_twice_is_removed_once()
    {
        var copy = new ScopeCopy(ClientFixture.Red, new ManualTime(), NullLogger.Instance);
        Action<ModuleChange> same = _ => { };
        var first = copy.Watch(same);
        using var second = copy.Watch(same);
        first.Dispose();
        first.Dispose();
        Assert.True(copy.IsWatched);
    }
}
