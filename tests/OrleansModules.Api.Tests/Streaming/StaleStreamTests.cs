using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Engines;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Streaming;

/// <summary>A node that cannot confirm with its record what it answers says so (guarantees of docs/consistency.md).</summary>
[Requirement("C5")]
public sealed class StaleStreamTests
{
    private const string Events = $"{Workspaces}/w1/events";

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Stale_node_says_so_where_it_would_say_that_all_is_well()
    {
        await using var api = await StartAsync();
        using var events = await EventReader.OpenAsync(api, Events, "s1.o1.w1");
        Assert.Equal(": up to date", await events.NextAsync());
        Assert.Equal(": keep-alive", await events.NextAsync());

        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal("""event: stale|data: {"staleFor":7}""", await events.SkipAsync(": keep-alive"));

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("""event: stale|data: {"staleFor":67}""", await events.SkipAsync("""event: stale|data: {"staleFor":7}"""));

        await api.App.Services.GetRequiredService<FeedFollower>().CatchUpAsync(default);
        Assert.Equal(": keep-alive", await events.SkipAsync("""event: stale|data: {"staleFor":67}"""));
    }

    [Fact]
    public async Task Stream_of_a_stale_node_begins_with_it()
    {
        await using var api = await StartAsync();
        _time.Advance(TimeSpan.FromSeconds(8));
        using var first = await EventReader.OpenAsync(api, Events);
        using var again = await EventReader.OpenAsync(api, Events, "s1.o1.w1");

        Assert.Equal("""event: version|id: s1.o1.w1|data: {"version":"s1.o1.w1","changed":null,"staleFor":8}""", await first.NextAsync());
        Assert.Equal("""event: stale|data: {"staleFor":8}""", await again.NextAsync());
    }

    [Theory]
    [InlineData($"{Workspaces}/w1/modules")]
    [InlineData($"{Workspaces}/w1/context")]
    [InlineData($"{Orgs}/acme/navigation")]
    [InlineData(Modules)]
    [InlineData($"{Modules}/kb")]
    public async Task Stale_answer_says_how_old_it_may_be_and_is_not_stored(string path)
    {
        await using var api = await StartAsync();
        var fresh = (await api.GetAsync(path)).Is(200);
        Assert.False(fresh.Headers.Contains("Modules-Stale-For"));
        Assert.False(fresh.Headers.CacheControl!.NoStore);

        _time.Advance(TimeSpan.FromSeconds(7));

        foreach (var stale in new[] { (await api.GetAsync(path)).Is(200), (await api.GetAsync(path, ("If-None-Match", fresh.ETag!))).Is(304) })
        {
            Assert.Equal("7", Assert.Single(stale.Headers.GetValues("Modules-Stale-For")));
            Assert.True(stale.Headers.CacheControl!.NoStore);
            Assert.Equal(fresh.ETag, stale.ETag);
        }

        Assert.Equal(2, api.App.Services.GetRequiredService<StaleReads>().Count);
    }

    // Another process may write to the record, so that it has to be asked; only the test does, on its own clock.
    private async Task<ApiFixture> StartAsync()
    {
        var api = await ApiFixture.StartWithAsync(builder => SharedStore.Share(builder.Services, _time), settings: ("HeartbeatInterval", "00:00:00.010"));
        await api.RegisterAsync("kb");
        await api.ScopesAsync();
        return api;
    }
}
