using System.Globalization;
using OrleansModules.Api.Access;

namespace OrleansModules.Api.Tests.Access;

public sealed class RecentNamesTests
{
    private const int Many = 100_000; // more than are kept

    [Fact]
    public void Name_that_is_asked_for_is_kept_while_others_come_and_go()
    {
        var names = new RecentNames<object>();
        var kept = names.Add("kept", new object());
        names.Add("gone", new object());
        for (var i = 0; i < Many; i++)
        {
            names.Add(i.ToString(CultureInfo.InvariantCulture), kept);
            Assert.Same(kept, names.Find("kept"));
        }

        Assert.Null(names.Find("gone"));
        Assert.Null(names.Find("0"));
        Assert.Same(kept, names.Add("kept", new object()));
    }

    [Fact]
    public void Refusals_are_counted_by_client_and_told_with_the_first_of_the_next_window()
    {
        var time = new FakeTimeProvider();
        var windows = new RefusalWindows(TimeSpan.FromMinutes(1), time);
        Assert.True(windows.IsFirst("a", out var repeats));
        Assert.Equal(0, repeats);
        for (var i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            Assert.False(windows.IsFirst("a", out _));
        }

        Assert.True(windows.IsFirst("b", out repeats));
        Assert.Equal(0, repeats);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(windows.IsFirst("a", out repeats));
        Assert.Equal(5, repeats);
    }
}
