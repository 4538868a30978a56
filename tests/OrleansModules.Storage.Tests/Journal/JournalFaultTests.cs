using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Conformance;
using OrleansModules.Storage.Journal;
using OrleansModules.Testing;

namespace OrleansModules.Storage.Tests.Journal;

/// <summary>What becomes of changes when the disk fails.</summary>
public sealed class JournalFaultTests : IDisposable
{
    private readonly JournalDirectory _directory = new() { SegmentBytes = 4096 };

    private static ScopeId Scope { get; } = ScopeId.Org("org-1");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [Requirement("L7", "a refused change leaves nothing behind")]
    public async Task Append_disk_full_is_refused_and_later_appends_are_tried_anew(int written)
    {
        await using var store = await _directory.OpenAsync();
        var layer = await store.CommitAsync(Sample.Put(Scope));
        var before = await Sample.TextAsync(store);
        var length = new FileInfo(_directory.LastSegment).Length;
        _directory.Files.OnWrite = (path, _) => FaultyFiles.IsSegment(path) ? written : null;

        var failure = await FailAsync(store, Sample.Put(Scope, before: layer) with { OperationId = "op" }, layer);

        Assert.Equal((StoreFailure.Full, false), (failure.Failure, failure.OutcomeUnknown));
        Assert.Equal(before, await Sample.TextAsync(store));
        Assert.Null(await store.FindOperationAsync("op", default));
        Assert.Equal(length, new FileInfo(_directory.LastSegment).Length);

        _directory.Files.OnWrite = null;
        await store.CommitAsync(Sample.Put(Scope, before: layer) with { OperationId = "op" }, layer);
        Assert.Equal(2, (await store.HeadAsync(default)).Position);
    }

    [Fact]
    public async Task Append_disk_full_for_a_new_segment_is_refused_until_there_is_room()
    {
        var store = await _directory.OpenAsync();
        var layer = await store.CommitAsync(Sample.Put(Scope));
        while (new FileInfo(_directory.LastSegment).Length < 4096)
        {
            layer = await store.CommitAsync(Sample.Put(Scope, before: layer), layer);
        }

        _directory.Files.OnWrite = (path, bytes) => FaultyFiles.IsSegment(path) ? bytes / 2 : null;
        Assert.Equal(StoreFailure.Full, (await FailAsync(store, Sample.Put(Scope, before: layer), layer)).Failure);
        Assert.Equal(StoreFailure.Full, (await FailAsync(store, Sample.Put(Scope, before: layer), layer)).Failure);

        _directory.Files.OnWrite = null;
        layer = await store.CommitAsync(Sample.Put(Scope, before: layer), layer);
        await store.DisposeAsync();
        await using var again = await _directory.OpenAsync();
        Assert.Equal(layer.Revision, (await Sample.AllAsync(again)).Count);
    }

    [Fact]
    [Requirement("L7", "what may not be durable is never seen")]
    public async Task Append_flush_fails_outcome_is_unknown_and_the_store_takes_no_more()
    {
        var store = await _directory.OpenAsync();
        var layer = await store.CommitAsync(Sample.Put(Scope));
        var before = await Sample.TextAsync(store);
        _directory.Files.OnFlush = _ => FaultyFiles.Broken();

        var failure = await FailAsync(store, Sample.Put(Scope, before: layer), layer);
        _directory.Files.OnFlush = null;
        var later = await FailAsync(store, Sample.Put(Scope, before: layer), layer);

        Assert.Equal((StoreFailure.Unavailable, true), (failure.Failure, failure.OutcomeUnknown));
        Assert.Equal((StoreFailure.Unavailable, false), (later.Failure, later.OutcomeUnknown));
        Assert.Equal(before, await Sample.TextAsync(store));
        await store.DisposeAsync();
        await using var again = await _directory.OpenAsync();
        Assert.InRange((await again.HeadAsync(default)).Position, 1, 2);
    }

    [Fact]
    public async Task Append_failed_write_cannot_be_cut_off_the_store_takes_no_more()
    {
        await using var store = await _directory.OpenAsync();
        var layer = await store.CommitAsync(Sample.Put(Scope));
        _directory.Files.OnWrite = (_, bytes) => bytes / 2;
        _directory.Files.OnSetLength = _ => FaultyFiles.Broken();

        var failure = await FailAsync(store, Sample.Put(Scope, before: layer), layer);
        (_directory.Files.OnWrite, _directory.Files.OnSetLength) = (null, null);

        Assert.Equal((StoreFailure.Unavailable, true), (failure.Failure, failure.OutcomeUnknown));
        Assert.Equal(StoreFailure.Unavailable, (await FailAsync(store, Sample.Put(Scope, before: layer), layer)).Failure);
        Assert.Single(await Sample.AllAsync(store));
    }

    [Fact]
    public async Task Append_answers_only_after_a_flush()
    {
        await using var store = await _directory.OpenAsync();
        var before = _directory.Files.Flushes;

        var layer = await store.CommitAsync(Sample.Put(Scope));
        Assert.Equal(before + 1, _directory.Files.Flushes);
        await store.AppendAsync(Sample.Put(Scope), layer, default);

        // A conflict writes nothing.
        Assert.Equal(before + 1, _directory.Files.Flushes);
    }

    [Fact]
    public async Task Append_while_the_disk_is_busy_shares_one_flush_and_chains_one_scope()
    {
        await using var store = await _directory.OpenAsync();
        using var reached = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        _directory.Files.OnFlush = _ =>
        {
            reached.Release();
            go.Wait();
            return null;
        };
        var before = _directory.Files.Flushes;
        var first = store.CommitAsync(Sample.Put(ScopeId.Org("first")));
        await reached.WaitAsync();
        var layer = LayerFold.Apply(null, Sample.Put(Scope));
        var appends = new List<Task>
        {
            store.CommitAsync(Sample.Put(Scope)),
            store.CommitAsync(Sample.Put(Scope, before: layer) with { OperationId = "op" }, layer),
        };
        var repeated = store.AppendAsync(Sample.Put(ScopeId.Org("x")) with { OperationId = "op" }, LayerFold.Apply(null, Sample.Put(ScopeId.Org("x"))), default).AsTask();
        var conflict = store.AppendAsync(Sample.Put(Scope), layer, default).AsTask();
        go.Set();
        await Task.WhenAll([first, .. appends]);

        Assert.Equal(3, Assert.IsType<AppendResult.Repeated>(await repeated).First.Position);
        Assert.Equal(2, Assert.IsType<AppendResult.Conflict>(await conflict).CurrentRevision);
        Assert.Equal(before + 2, _directory.Files.Flushes);
        var history = await store.HistoryAsync(new HistoryQuery(Scope, null, null, 10), default);
        Assert.Equal([2, 1], history.Select(r => r.Revision));
    }

    [Fact]
    public async Task Append_after_disposing_is_refused_and_what_waited_is_kept()
    {
        var store = await _directory.OpenAsync();
        var waiting = Enumerable.Range(0, 50).Select(i => store.CommitAsync(Sample.Put(ScopeId.Org($"org-{i}")))).ToList();
        await store.DisposeAsync();
        await store.DisposeAsync();

        await Task.WhenAll(waiting);
        Assert.Equal(StoreFailure.Unavailable, (await FailAsync(store, Sample.Put(Scope), null)).Failure);
        await using var again = await _directory.OpenAsync();
        Assert.Equal(50, (await again.HeadAsync(default)).Position);
    }

    [Fact]
    public void IsFull_a_device_that_is_really_full_is_recognised()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var file = new DiskFiles().OpenToWrite("/dev/full");
        var failure = Assert.ThrowsAny<IOException>(() => file.Write("x"u8, 0));

        Assert.True(StoreErrors.IsFull(failure), $"HResult {failure.HResult}");
    }

    private static Task<StoreException> FailAsync(JournalStore store, ChangeRecord change, Core.Cascade.Layer? before) =>
        Assert.ThrowsAsync<StoreException>(async () => await store.AppendAsync(change, LayerFold.Apply(before, change), default));
}
