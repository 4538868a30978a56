using OrleansModules.Client.Following;

namespace OrleansModules.Client.Tests.Following;

public sealed class BackoffTests
{
    private static readonly TimeSpan Min = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0.0, 0.5)]
    [InlineData(0.5, 0.75)]
    public void Half_of_a_wait_is_chance(double chance, double part)
    {
        var backoff = new Backoff(Min, Max, () => chance);
        Assert.Equal([1 * part, 2 * part, 4 * part, 8 * part, 16 * part, 30 * part, 30 * part], Enumerable.Range(0, 7).Select(_ => backoff.AfterFailure(null).TotalSeconds));
    }

    [Fact]
    public void Thousand_failures_wait_no_longer_than_the_bound()
    {
        var backoff = new Backoff(Min, Max, () => 0.999);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(backoff.AfterFailure(null), TimeSpan.Zero, Max));
    }

    [Fact]
    public void Success_starts_anew()
    {
        var backoff = new Backoff(Min, Max, () => 1);
        backoff.AfterFailure(null);
        backoff.AfterFailure(null);
        backoff.Reset();
        Assert.Equal(Min, backoff.AfterFailure(null));
    }

    [Fact]
    public void Hint_of_a_stream_is_bounded()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), Fresh().AfterStream(TimeSpan.FromSeconds(2), Max));
        Assert.Equal(Max, Fresh().AfterStream(TimeSpan.FromDays(20), Max));
        Assert.Equal(Min, Fresh().AfterStream(null, Max));
        Assert.Equal(Min, Fresh().AfterStream(TimeSpan.FromMilliseconds(1), Max));

        static Backoff Fresh() => new(Min, Max, () => 1);
    }

    [Fact]
    public void Streams_that_end_at_once_are_opened_ever_less_often_until_one_lasts()
    {
        var backoff = new Backoff(Min, Max, () => 1);
        var hint = TimeSpan.FromMilliseconds(1);
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 7).Select(_ => backoff.AfterStream(hint, TimeSpan.Zero).TotalSeconds));
        Assert.Equal(Min, backoff.AfterStream(hint, Max));
    }

    [Fact]
    public void Clients_that_are_asked_to_wait_do_not_come_back_together()
    {
        var waits = Enumerable.Range(0, 10).Select(i => new Backoff(Min, Max, () => i / 10.0).AfterFailure(TimeSpan.FromSeconds(5))).ToArray();
        Assert.Equal(10, waits.Distinct().Count());
        Assert.All(waits, w => Assert.InRange(w, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6)));
    }
}
