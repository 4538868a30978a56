using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansModules.Api.OpenFeature;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Api.Tests.Streaming;
using static OrleansModules.Api.Tests.Hosting.Requests;
using static OrleansModules.Api.Tests.OpenFeature.Evaluations;

namespace OrleansModules.Api.Tests.OpenFeature;

/// <summary>What trips servers of this protocol up with the published clients. T5, T9 and T11 are about clients, and T6 about the specification: see tests/web/openfeature.</summary>
public sealed class TrapTests
{
    [Theory]
    [InlineData("Logging:LogLevel:")]
    [InlineData("Logging:Capture:LogLevel:")]
    public async Task T1_stream_address_is_enough_to_listen_to_one_scope_and_is_in_no_log(string level)
    {
        using var logs = new LogCapture();
        await using var api = await StartAsync(onKestrel: true, ($"/{level}Default", "Trace"), ($"/{level}Microsoft.AspNetCore.Hosting.Diagnostics", "Trace"));
        api.App.Services.GetRequiredService<ILoggerFactory>().AddProvider(logs);
        (await api.PutAsync($"{Workspaces}/w2", """{"orgId":"acme"}""")).Is(201);
        var address = (await api.BulkAsync()).Is(200).Stream();
        Assert.StartsWith(FlagStream.Path + "?ticket=", address, StringComparison.Ordinal);

        using (var events = await EventReader.OpenAsync(api, address))
        {
            await Says(events, "s2.o1.w1");
            (await api.OverrideAsync("workspaces/w2", "module-kb", """{"isEnabled":false}""")).Is(200); // not told
            (await api.OverrideAsync("workspaces/w1", "module-kb", """{"isEnabled":false}""")).Is(200);
            await Says(events, "s2.o1.w2");
        }

        var refused = (await api.GetAsync(address + "x")).IsProblem(401, "invalid-stream-ticket");
        (await api.GetAsync(FlagStream.Path)).IsProblem(401, "invalid-stream-ticket");
        var counted = api.App.Services.GetRequiredService<RefusedTickets>();
        await api.App.StopAsync();

        Assert.Equal((0, 1), (counted.Ended, counted.Foreign));
        var ticket = address.Split('=')[1];
        Assert.DoesNotContain(ticket, refused.Text, StringComparison.Ordinal);
        Assert.NotEmpty(logs.Lines);
        Assert.DoesNotContain(logs.Lines, l => l.Contains(ticket, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("s2.o1.w1", true)]
    [InlineData("nonsense", true)]
    [InlineData("s2.o1.w2", false)]
    public async Task T2_reconnect_is_told_at_once_what_changed_in_the_gap(string? lastEventId, bool isTold)
    {
        await using var api = await StartAsync();
        var address = (await api.BulkAsync()).Stream();
        (await api.OverrideAsync("workspaces/w1", "module-kb", """{"isEnabled":false}""")).Is(200);

        using var events = await EventReader.OpenAsync(api, address, lastEventId);

        Assert.Equal(isTold, !string.Equals(": up to date", await events.NextAsync(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task T3_client_of_an_ending_stream_is_told_to_ask_again_and_is_never_answered_304_with_an_old_address()
    {
        var time = new FakeTimeProvider();
        await using var api = await StartAsync(time, ("/Modules:OpenFeature:StreamLifetime", "00:10:00"), ("HeartbeatInterval", "00:00:00.010"));
        var first = (await api.BulkAsync()).Is(200);
        using var events = await EventReader.OpenAsync(api, first.Stream());
        await Says(events, "s2.o1.w1");

        time.Advance(TimeSpan.FromMinutes(19)); // of the 20 that the address is good for at most
        await Says(events, "s2.o1.w1"); // nothing changed: it is time for the next address
        var next = (await api.BulkAsync(headers: ("If-None-Match", first.ETag!))).Is(200);
        Assert.NotEqual(first.Stream(), next.Stream());

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("retry: 10", await events.NextEventAsync());
        Assert.Null(await events.NextEventAsync());
        (await api.GetAsync(first.Stream())).IsProblem(401, "invalid-stream-ticket");
        var counted = api.App.Services.GetRequiredService<RefusedTickets>();
        Assert.Equal((1, 0), (counted.Ended, counted.Foreign));
    }

    [Fact]
    public async Task T4_tag_covers_all_of_the_context_that_counts()
    {
        await using var api = await StartAsync();
        (await api.PutAsync($"{Orgs}/w1", "{}")).Is(201); // an organization with the id of a workspace
        (await api.PutAsync($"{Workspaces}/w2", """{"orgId":"acme"}""")).Is(201);
        var tag = (await api.BulkAsync()).ETag!;

        (await api.BulkAsync("""{"targetingKey":"w1","scopeKind":"org"}""", headers: ("If-None-Match", tag))).Is(200);
        (await api.BulkAsync("""{"targetingKey":"w2"}""", headers: ("If-None-Match", tag))).Is(200);
        (await api.BulkAsync("""{"targetingKey":"w1","user":"somebody else"}""", headers: ("If-None-Match", tag))).Is(304);
    }

    [Fact]
    public async Task T7_lists_come_in_an_object_and_metadata_is_flat()
    {
        await using var api = await StartAsync();

        var flag = (await api.SingleAsync("module-kb.config.tags")).Is(200).Json;

        Assert.Equal("""{"items":["a","b"]}""", flag["value"]!.ToJsonString());
        var flags = (await api.BulkAsync()).Json["flags"]!.AsArray().Append(flag).Select(f => f!).ToList();
        Assert.All(flags, f => Assert.IsNotType<JsonArray>(f["value"]));
        Assert.All(flags, f => Assert.All(f["metadata"]!.AsObject(), m => Assert.IsAssignableFrom<JsonValue>(m.Value)));
    }

    [Fact]
    public async Task T8_every_flag_has_a_value_and_what_is_null_is_no_flag()
    {
        await using var api = await StartAsync();

        var flags = (await api.BulkAsync()).Json["flags"]!.AsArray();

        Assert.All(flags, f => Assert.NotNull(f!["value"]));
        Assert.DoesNotContain(flags, f => string.Equals((string?)f!["key"], "module-kb.config.nothing", StringComparison.Ordinal));
        Assert.Equal(flags.Count, flags.Select(f => (string?)f!["key"]).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task T10_pages_of_other_origins_can_send_the_headers_and_read_the_tag()
    {
        const string page = "https://app.example.com";
        await using var api = await StartAsync(settings: ("CorsOrigins:0", page));

        var preflight = (await api.SendAsync(HttpMethod.Options, Flags, null, ("Origin", page), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type,if-none-match,x-api-key"))).Is(204);
        var answer = (await api.BulkAsync(headers: ("Origin", page))).Is(200);

        var allowed = string.Join(',', preflight.Headers.GetValues("Access-Control-Allow-Headers"));
        Assert.All(new[] { "authorization", "content-type", "if-none-match", "x-api-key" }, h => Assert.Contains(h, allowed, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("ETag", string.Join(',', answer.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.OrdinalIgnoreCase);
        using var stream = await EventReader.OpenAsync(api, answer.Stream(), header: ("Origin", page));
        Assert.Equal(page, Assert.Single(stream.Message.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Stream_of_a_deleted_workspace_ends()
    {
        await using var api = await StartAsync();
        var address = (await api.BulkAsync()).Stream();
        using var events = await EventReader.OpenAsync(api, address);
        await Says(events, "s2.o1.w1");

        (await api.DeleteAsync($"{Workspaces}/w1")).Is(200);

        Assert.Equal("retry: 10", await events.NextAsync());
        Assert.Null(await events.NextAsync());
        (await api.GetAsync(address)).IsProblem(404, "workspace-not-found");
    }

    [Fact]
    public async Task Streams_of_both_kinds_count_towards_the_limit()
    {
        await using var api = await StartAsync(settings: ("MaxEventStreams", "1"));
        var address = (await api.BulkAsync()).Stream();
        using var events = await EventReader.OpenAsync(api, address);

        (await api.GetAsync($"{Workspaces}/w1/events")).IsProblem(503, "too-many-streams");
        (await api.GetAsync(address)).IsProblem(503, "too-many-streams");
    }

    private static async Task Says(EventReader events, string version)
    {
        var block = await events.NextEventAsync();
        Assert.StartsWith($$"""event: message|id: {{version}}|data: {"type":"refetchEvaluation","etag":"{{version}}:workspace/w1:""", block, StringComparison.Ordinal);
    }

    /// <summary>Keeps every line that is logged.</summary>
    [ProviderAlias("Capture")]
    private sealed class LogCapture : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
