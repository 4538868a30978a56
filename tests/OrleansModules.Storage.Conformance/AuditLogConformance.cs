using OrleansModules.Core.Audit;
using OrleansModules.Core.Scopes;
using OrleansModules.Testing;
using Xunit;

namespace OrleansModules.Storage.Conformance;

/// <summary>What every audit log promises. Inherit it, and say how the log is opened.</summary>
public abstract class AuditLogConformance : IAsyncLifetime
{
    private static readonly DateTime At = new(2030, 1, 1, 0, 0, 0, 123, DateTimeKind.Utc);

    private IAuditLog? _log;

    /// <summary>Opens an empty log.</summary>
    protected abstract Task<IAuditLog> OpenLogAsync();

    /// <summary>Closes and removes it.</summary>
    protected abstract Task RemoveLogAsync();

    /// <inheritdoc/>
    public async Task InitializeAsync() => _log = await OpenLogAsync();

    /// <inheritdoc/>
    public Task DisposeAsync() => RemoveLogAsync();

    /// <summary>The log.</summary>
    protected IAuditLog Log => _log ?? throw new InvalidOperationException("Not opened yet.");

    /// <summary>An entry.</summary>
    protected static AuditEntry Entry(ScopeId scope, int second = 0, string? org = null) => new()
    {
        At = At.AddSeconds(second), Subject = "ann", Action = "change-modules", Operation = "op", Scope = scope, OrgId = org, Outcome = AuditOutcome.Done, TraceId = $"t{second}",
    };

    [Fact]
    [Requirement("B20", "Every change and refusal is in the trail")]
    public async Task Entries_read_back_as_they_were_appended_newest_first()
    {
        var full = Entry(ScopeId.Workspace("w1"), 1, "acme") with { OnBehalfOf = "otto", From = "::1", Target = "kb \"ä\n", Outcome = AuditOutcome.HeldUp, Code = "c", ChangePosition = 7, Repeats = 3 };
        var plain = Entry(ScopeId.System, 2);
        var ofOrg = Entry(ScopeId.Org("acme"), 3);
        await Log.AppendAsync(full, default);
        await Log.AppendAsync(plain, default);
        await Log.AppendAsync(ofOrg, default);

        var found = await Log.ReadAsync(new AuditQuery(ScopeId.System, 10), default);

        Assert.Equal([ofOrg, plain, full], found.Select(e => e with { Position = 0 }));
        Assert.True(found[0].Position > found[1].Position && found[1].Position > found[2].Position && found[2].Position > 0);
    }

    [Fact]
    public async Task Query_answers_a_scope_with_what_is_below()
    {
        await AppendAsync(
            Entry(ScopeId.System, 1), Entry(ScopeId.Org("acme"), 2), Entry(ScopeId.Workspace("w1"), 3, "acme"), Entry(ScopeId.Workspace("w2"), 4, "acme"), Entry(ScopeId.Org("w1"), 5),
            Entry(ScopeId.Workspace("acme"), 6));

        Assert.Equal("t6 t5 t4 t3 t2 t1", await ReadAsync(new AuditQuery(ScopeId.System, 10)));
        Assert.Equal("t4 t3 t2", await ReadAsync(new AuditQuery(ScopeId.Org("acme"), 10)));
        Assert.Equal("t3", await ReadAsync(new AuditQuery(ScopeId.Workspace("w1"), 10)));
        Assert.Equal("", await ReadAsync(new AuditQuery(ScopeId.Org("nobody"), 10)));
    }

    [Fact]
    public async Task Query_answers_what_fits_every_filter()
    {
        await AppendAsync(
            Entry(ScopeId.System, 1) with { Subject = "bob" }, Entry(ScopeId.System, 2) with { OnBehalfOf = "bob" }, Entry(ScopeId.System, 3) with { Action = "change-access" },
            Entry(ScopeId.System, 4) with { Outcome = AuditOutcome.Forbidden, Code = "forbidden" }, Entry(ScopeId.System, 5) with { Subject = "bob", Outcome = AuditOutcome.Forbidden });
        var all = new AuditQuery(ScopeId.System, 10);

        Assert.Equal("t5 t2 t1", await ReadAsync(all with { Subject = "bob" }));
        Assert.Equal("t3", await ReadAsync(all with { Action = "change-access" }));
        Assert.Equal("t5 t4", await ReadAsync(all with { Outcome = AuditOutcome.Forbidden }));
        Assert.Equal("t5", await ReadAsync(all with { Outcome = AuditOutcome.Forbidden, Subject = "bob" }));
        Assert.Equal("t3 t2", await ReadAsync(all with { Since = At.AddSeconds(2), Until = At.AddSeconds(4) }));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        await AppendAsync([.. Enumerable.Range(1, 25).Select(i => Entry(i % 2 == 0 ? ScopeId.Org("acme") : ScopeId.Org("other"), i))]);
        var seen = new List<string>();
        long? before = null;
        while (await Log.ReadAsync(new AuditQuery(ScopeId.Org("acme"), 5) { Before = before }, default) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 5);
            seen.AddRange(page.Select(e => e.TraceId));
            before = page[^1].Position;
        }

        Assert.Equal(Enumerable.Range(1, 12).Reverse().Select(i => $"t{i * 2}"), seen);
    }

    [Fact]
    public async Task Concurrent_appends_are_all_there_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await Log.AppendAsync(Entry(ScopeId.Org($"o{w}"), i), default);
            }
        })));

        var found = await Log.ReadAsync(new AuditQuery(ScopeId.System, 1000), default);
        Assert.Equal(800, found.Select(e => e.Position).Distinct().Count());
        Assert.All(found.GroupBy(e => e.Scope), scope => Assert.Equal(Enumerable.Range(0, 100).Reverse().Select(i => $"t{i}"), scope.Select(e => e.TraceId)));
    }

    private async Task AppendAsync(params AuditEntry[] entries)
    {
        foreach (var entry in entries)
        {
            await Log.AppendAsync(entry, default);
        }
    }

    private async Task<string> ReadAsync(AuditQuery query) => string.Join(' ', (await Log.ReadAsync(query, default)).Select(e => e.TraceId));
}
