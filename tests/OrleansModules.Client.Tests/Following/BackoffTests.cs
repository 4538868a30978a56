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
        var backoff = new Backoff(Min, Max, () => 1);
        Assert.Equal(TimeSpan.FromSeconds(2), backoff.AfterStream(TimeSpan.FromSeconds(2)));
        Assert.Equal(Max, backoff.AfterStream(TimeSpan.FromDays(20)));
        Assert.Equal(Min, backoff.AfterStream(null));
    }

    [Fact]
    public void Clients_that_are_asked_to_wait_do_not_come_back_together()
    {
        var waits = Enumerable.Range(0, 10).Select(i => new Backoff(Min, Max, () => i / 10.0).AfterFailure(TimeSpan.FromSeconds(5))).ToArray();
        Assert.Equal(10, waits.Distinct().Count());
        Assert.All(waits, w => Assert.InRange(w, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6)));
    }
}
