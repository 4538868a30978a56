using Microsoft.Extensions.Logging;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Conformance;
using OrleansModules.Storage.Journal;
using OrleansModules.Testing;

namespace OrleansModules.Storage.Tests.Journal;

/// <summary>Snapshots, segments, and what is remembered over them.</summary>
public sealed class JournalSnapshotTests : IDisposable
{
    private readonly JournalDirectory _directory = new() { SegmentBytes = 8192, SnapshotEveryBytes = 4096 };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Open_from_a_snapshot_and_the_rest_is_as_before()
    {
        var before = await FillAsync(60);

        await using var store = await _directory.OpenAsync();

        Assert.Equal(2, _directory.Snapshots.Count());
        Assert.Equal(before, await Sample.TextAsync(store));
        var opened = _directory.Log.At(LogLevel.Information).Last(l => l.StartsWith("Opened", StringComparison.Ordinal));
        Assert.DoesNotContain(" 61 change(s) replayed", opened, StringComparison.Ordinal);

        // Histories go on before the snapshot.
        var history = await store.HistoryAsync(new HistoryQuery(ScopeId.Workspace("ws-0"), null, null, 1000), default);
        Assert.Equal(1, history[^1].Revision);
        Assert.Equal(history.Count, history[0].Revision);
    }

    [Fact]
    public async Task Open_newest_snapshots_damaged_fall_back_to_the_one_before_or_to_all_changes()
    {
        var before = await FillAsync(60);
        foreach (var damaged in _directory.Snapshots.Reverse())
        {
            var bytes = await File.ReadAllBytesAsync(damaged);
            bytes[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(damaged, bytes);

            await using var store = await _directory.OpenAsync();

            Assert.Equal(before, await Sample.TextAsync(store));
            Assert.Contains(_directory.Log.At(LogLevel.Warning), l => l.Contains(damaged, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public async Task Open_snapshot_cut_short_is_skipped(double part)
    {
        var before = await FillAsync(60);
        await using (var file = File.OpenWrite(_directory.Snapshots.Last()))
        {
            file.SetLength((long)(file.Length * part));
        }

        await using var store = await _directory.OpenAsync();

        Assert.Equal(before, await Sample.TextAsync(store));
        Assert.Single(_directory.Log.At(LogLevel.Warning));
    }

    [Fact]
    public async Task Open_journal_shorter_than_its_snapshot_is_refused()
    {
        await FillAsync(60);
        foreach (var segment in _directory.Segments.Skip(1).ToList())
        {
            File.Delete(segment);
        }

        Assert.Equal(StoreFailure.Corrupt, (await Assert.ThrowsAsync<StoreException>(_directory.OpenAsync)).Failure);
    }

    [Fact]
    public async Task Snapshot_that_cannot_be_written_is_logged_and_changes_nothing()
    {
        _directory.Files.OnWrite = (path, bytes) => FaultyFiles.IsSegment(path) ? null : bytes / 2;

        var before = await FillAsync(60);

        Assert.Empty(_directory.Snapshots);
        Assert.NotEmpty(_directory.Log.At(LogLevel.Warning));
        Assert.Empty(Directory.EnumerateFiles(_directory.Path, "*.tmp"));
        await using var store = await _directory.OpenAsync();
        Assert.Equal(before, await Sample.TextAsync(store));
    }

    [Fact]
    public async Task Snapshot_left_unfinished_by_a_crash_is_removed()
    {
        var unfinished = Path.Combine(_directory.Path, "0000000000000009.snapshot.tmp");
        await File.WriteAllTextAsync(unfinished, "half");

        await using var store = await _directory.OpenAsync();

        Assert.False(File.Exists(unfinished));
    }

    [Fact]
    public async Task Feed_from_any_position_over_many_segments_has_no_gap()
    {
        await FillAsync(300);
        Assert.True(_directory.Segments.Count() > 5);
        for (var opened = 0; opened < 2; opened++)
        {
            await using var store = await _directory.OpenAsync();
            for (var after = 0; after < 301; after += 23)
            {
                var page = await store.FeedAsync(after, 10, default);
                Assert.Equal(Enumerable.Range(after + 1, Math.Min(10, 301 - after)).Select(p => (long)p), page.Select(r => r.Position));
            }
        }
    }

    [Fact]
    [Requirement("L7", "idempotency keys are remembered for their time, over restarts and snapshots")]
    public async Task Operation_id_is_remembered_for_its_time_and_then_free()
    {
        var scope = ScopeId.Org("org-9");
        Layer layer;
        await using (var store = await _directory.OpenAsync())
        {
            layer = await store.CommitAsync(Sample.Put(scope) with { OperationId = "op", At = _directory.Time.Now });
        }

        await FillAsync(60);
        Assert.NotEmpty(_directory.Snapshots);
        _directory.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        await using (var store = await _directory.OpenAsync())
        {
            Assert.Equal(1, (await store.FindOperationAsync("op", default))?.Position);
            _directory.Time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Null(await store.FindOperationAsync("op", default));
            await store.CommitAsync(Sample.Put(scope, before: layer) with { OperationId = "op", At = _directory.Time.Now }, layer);
        }

        await using var again = await _directory.OpenAsync();
        Assert.Equal(2, (await again.FindOperationAsync("op", default))?.Revision);
    }

    [Fact]
    public async Task LoadAll_after_opening_workspaces_share_one_object_for_their_organization()
    {
        await FillAsync(60);
        await using var store = await _directory.OpenAsync();
        var workspaces = await store.ListAsync(new ScopeListQuery(ScopeKind.Workspace, "org-1", null, 100), default);

        Assert.True(workspaces.Count > 5);
        Assert.All(workspaces, w => Assert.Same(((ScopeLayer)workspaces[0].Layer).OrgId, ((ScopeLayer)w.Layer).OrgId));
    }

    /// <summary>Appends one system change and many of ten workspaces, with an operation id each.</summary>
    private async Task<string> FillAsync(int changes)
    {
        await using var store = await _directory.OpenAsync();
        await store.CommitAsync(Sample.Define("chat"));
        var layers = new Layer?[10];
        for (var i = 0; i < changes; i++)
        {
            var scope = ScopeId.Workspace($"ws-{i % 10}");
            var before = layers[i % 10];
            var change = before is null ? Sample.Put(scope, "org-1") : Sample.Override(scope, before, "chat", i % 3 == 0, $$"""{"n":{{i}}}""");
            layers[i % 10] = await store.CommitAsync(change with { OperationId = $"fill-{i}" }, before);
            await store.SnapshotRunning;
        }

        return await Sample.TextAsync(store);
    }
}
