using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tests.Generators;

namespace OrleansModules.Core.Tests.Engines;

public sealed class WatchHubTests
{
    private static readonly ScopeId Acme = ScopeId.Org("acme");
    private static readonly ScopeId Other = ScopeId.Org("other");
    private static readonly ScopeId First = ScopeId.Workspace("acme-1");
    private static readonly ScopeId Second = ScopeId.Workspace("acme-2");
    private static readonly ScopeId Foreign = ScopeId.Workspace("other-1");

    [Fact]
    public async Task Signal_reaches_the_scope_and_all_below_and_nobody_else()
    {
        var hub = new WatchHub();
        var watches = new[]
        {
            hub.Watch(ScopeId.System, null), hub.Watch(Acme, null), hub.Watch(Other, null), hub.Watch(First, Acme.Id), hub.Watch(Second, Acme.Id), hub.Watch(Foreign, Other.Id),
        };
        hub.Notify(ScopeId.System);
        Assert.Equal(watches.Select(w => w.Scope), await Signalled(watches));
        hub.Notify(Acme);
        Assert.Equal([Acme, First, Second], await Signalled(watches));
        hub.Notify(First);
        Assert.Equal([First], await Signalled(watches));
        hub.Notify(Foreign);
        Assert.Equal([Foreign], await Signalled(watches));
        hub.Notify(ScopeId.Org("nobody"));
        hub.Notify(ScopeId.Workspace("acme"));
        Assert.Empty(await Signalled(watches));
    }

    [Fact]
    public async Task Any_number_of_signals_before_a_wait_ends_one_wait()
    {
        var hub = new WatchHub();
        using var watch = hub.Watch(First, Acme.Id);
        for (var i = 0; i < 100; i++)
        {
            hub.Notify(ScopeId.System);
            hub.Notify(First);
        }

        Assert.True(await watch.WaitAsync(TimeSpan.Zero, CancellationToken.None));
        Assert.False(await watch.WaitAsync(TimeSpan.Zero, CancellationToken.None));
        hub.Notify(Acme);
        Assert.True(await watch.WaitAsync(TimeSpan.Zero, CancellationToken.None));
    }

    [Fact]
    public async Task Signal_ends_a_wait_that_has_begun_and_cancelling_ends_it_too()
    {
        var hub = new WatchHub();
        using var watch = hub.Watch(First, Acme.Id);
        var wait = watch.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None).AsTask();
        Assert.False(wait.IsCompleted);
        hub.Notify(First);
        Assert.True(await wait);

        using var stop = new CancellationTokenSource();
        var cancelled = watch.WaitAsync(TimeSpan.FromSeconds(30), stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        hub.Notify(First);
        Assert.True(await watch.WaitAsync(TimeSpan.Zero, CancellationToken.None));
    }

    [Fact]
    public async Task Waits_whose_time_is_up_end_without_a_signal_and_a_later_signal_ends_the_next()
    {
        var hub = new WatchHub();
        using var watch = hub.Watch(First, Acme.Id);
        Assert.False(await watch.WaitAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None));
        Assert.False(await watch.WaitAsync(TimeSpan.FromMilliseconds(0.5), CancellationToken.None));

        // The timer of a long wait is still running when a short one begins, and that of a short one when a long one does.
        var wait = watch.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None).AsTask();
        hub.Notify(First);
        Assert.True(await wait);
        Assert.False(await watch.WaitAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None));
        wait = watch.WaitAsync(TimeSpan.FromMilliseconds(20), CancellationToken.None).AsTask();
        hub.Notify(First);
        var signalled = await wait; // or its time was up first
        Assert.Equal(!signalled, await watch.WaitAsync(TimeSpan.FromMilliseconds(60), CancellationToken.None));
    }

    [Fact]
    public async Task Second_wait_beside_a_first_is_refused_and_so_is_one_on_a_disposed_watch()
    {
        var hub = new WatchHub();
        var watch = hub.Watch(First, Acme.Id);
        var first = watch.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await watch.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None));
        hub.Notify(First);
        Assert.True(await first);
        watch.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await watch.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None));
    }

    [Fact]
    public async Task Token_that_is_cancelled_already_ends_a_wait_and_one_of_an_earlier_wait_does_not()
    {
        var hub = new WatchHub();
        using var watch = hub.Watch(First, Acme.Id);
        using var earlier = new CancellationTokenSource();
        var wait = watch.WaitAsync(TimeSpan.FromSeconds(30), earlier.Token).AsTask();
        hub.Notify(First);
        Assert.True(await wait);
        wait = watch.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None).AsTask();
        await earlier.CancelAsync();
        Assert.False(wait.IsCompleted);
        hub.Notify(First);
        Assert.True(await wait);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await watch.WaitAsync(TimeSpan.FromSeconds(30), earlier.Token));
    }

    [Fact]
    public void Wait_that_a_signal_ends_allocates_nothing()
    {
        using var watch = new ScopeWatch(First, Acme.Id, static _ => { });
        using var stop = new CancellationTokenSource();
        WaitOnce(watch, stop.Token);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            WaitOnce(watch, stop.Token);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void WaitOnce(ScopeWatch watch, CancellationToken stop)
    {
        var wait = watch.WaitAsync(TimeSpan.FromSeconds(30), stop);
        Assert.False(wait.IsCompleted);
        Assert.True(watch.Signal());
        watch.Wake();
        Assert.True(wait.IsCompletedSuccessfully && wait.Result);
    }

    [Fact]
    public async Task Disposed_watch_gets_no_signal_and_others_of_the_scope_still_do()
    {
        var hub = new WatchHub();
        var (gone, stays) = (hub.Watch(First, Acme.Id), hub.Watch(First, Acme.Id));
        Assert.Equal(2, hub.Count);
        gone.Dispose();
        gone.Dispose();
        Assert.Equal(1, hub.Count);
        hub.Notify(First);
        Assert.Equal([First], await Signalled([gone, stays]));
        stays.Dispose();
        Assert.Equal(0, hub.Count);

        using var again = hub.Watch(First, Acme.Id);
        hub.Notify(Acme);
        Assert.Equal([First], await Signalled([again]));
    }

    [Fact]
    public async Task Concurrent_opening_and_closing_leaks_nothing_and_loses_no_signal()
    {
        var hub = new WatchHub();
        using var lasting = hub.Watch(First, Acme.Id);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Factory.StartNew(
            () =>
            {
                var dice = new Dice(t);
                var scopes = new[] { (ScopeId.System, (string?)null), (Acme, null), (First, Acme.Id), (Second, Acme.Id), (Foreign, Other.Id) };
                for (var i = 0; i < 5000; i++)
                {
                    var (scope, org) = dice.Pick(scopes);
                    var watch = hub.Watch(scope, org);
                    hub.Notify(scope);

                    // Another thread may have begun the very signal that this notification was conflated with.
                    Assert.True(watch.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None).AsTask().GetAwaiter().GetResult(), $"no signal for {scope}");
                    watch.Dispose();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Equal(1, hub.Count);
        await Signalled([lasting]);
        hub.Notify(Acme);
        Assert.Equal([First], await Signalled([lasting]));
        lasting.Dispose();
        Assert.Equal(0, hub.Count);
    }

    [Fact]
    public async Task Reader_that_reads_after_each_signal_ends_with_the_last_change()
    {
        for (var round = 0; round < 20; round++)
        {
            const int Changes = 2000;
            var hub = new WatchHub();
            using var watch = hub.Watch(First, Acme.Id);
            var current = 0;
            var reader = Task.Factory.StartNew(
                () =>
                {
                    while (Volatile.Read(ref current) < Changes)
                    {
                        Assert.True(watch.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None).AsTask().GetAwaiter().GetResult(), $"stuck at {current}");
                    }
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            for (var change = 1; change <= Changes; change++)
            {
                Volatile.Write(ref current, change);
                hub.Notify(First);
            }

            await reader;
        }
    }

    private static async Task<List<ScopeId>> Signalled(IEnumerable<ScopeWatch> watches)
    {
        var signalled = new List<ScopeId>();
        foreach (var watch in watches)
        {
            if (await watch.WaitAsync(TimeSpan.Zero, CancellationToken.None))
            {
                signalled.Add(watch.Scope);
            }
        }

        return signalled;
    }
}
