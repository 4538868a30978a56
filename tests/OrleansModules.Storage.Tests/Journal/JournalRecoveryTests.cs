using System.Globalization;
using Microsoft.Extensions.Logging;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Conformance;
using OrleansModules.Storage.Journal;
using OrleansModules.Testing;

namespace OrleansModules.Storage.Tests.Journal;

/// <summary>What opening makes of files that a crash or the disk left damaged.</summary>
public sealed class JournalRecoveryTests : IDisposable
{
    private readonly JournalDirectory _directory = new() { SegmentBytes = 4096 };

    public void Dispose() => _directory.Dispose();

    [Fact]
    [Requirement("L7", "a change that was never acknowledged goes, everything before it stays")]
    public async Task Open_last_line_torn_at_any_byte_keeps_everything_before_it()
    {
        await FillAsync(3);
        var whole = await File.ReadAllBytesAsync(_directory.LastSegment);
        var begin = LineStarts(whole)[^1];
        for (var length = begin; length < whole.Length; length++)
        {
            await WriteLastAsync(whole.AsMemory(0, length));

            await using (var store = await _directory.OpenAsync())
            {
                Assert.Equal(2, (await store.HeadAsync(default)).Position);
                var layer = (await store.LoadAsync([Scope], default))[0].Layer;
                await store.CommitAsync(Sample.Put(Scope, before: layer), layer);
            }

            await using var again = await _directory.OpenAsync();
            Assert.Equal(3, (await Sample.AllAsync(again)).Count);
        }

        // One for every length but the first, where nothing was left of the line.
        var warnings = _directory.Log.At(LogLevel.Warning);
        Assert.Equal(whole.Length - begin - 1, warnings.Count);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{_directory.LastSegment} at byte {begin}: 1 byte"), warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_batch_of_many_torn_at_any_byte_keeps_a_prefix_of_it()
    {
        await FillAsync(1);
        await AppendBatchAsync(4);
        var whole = await File.ReadAllBytesAsync(_directory.LastSegment);
        var starts = LineStarts(whole);
        for (var length = starts[3]; length <= whole.Length; length++)
        {
            await WriteLastAsync(whole.AsMemory(0, length));

            await using var store = await _directory.OpenAsync();

            Assert.Equal(whole.AsSpan(0, length).Count((byte)'\n') - 1, (await store.HeadAsync(default)).Position);
        }
    }

    [Fact]
    public async Task Open_batch_with_a_hole_in_it_is_cut_at_the_hole()
    {
        await FillAsync(1);
        await AppendBatchAsync(4);
        var whole = await File.ReadAllBytesAsync(_directory.LastSegment);
        var starts = LineStarts(whole);
        whole.AsSpan(starts[4] + 20, 30).Clear();
        await WriteLastAsync(whole);

        await using var store = await _directory.OpenAsync();

        // The header, one change, the one that held up the disk, and one of the batch.
        Assert.Equal(3, (await store.HeadAsync(default)).Position);
        Assert.Equal(starts[4], new FileInfo(_directory.LastSegment).Length);
    }

    [Fact]
    public async Task Open_zeros_at_the_end_are_cut()
    {
        await FillAsync(2);
        var length = new FileInfo(_directory.LastSegment).Length;
        await using (var file = File.OpenWrite(_directory.LastSegment))
        {
            file.SetLength(length + 8192);
        }

        await using var store = await _directory.OpenAsync();

        Assert.Equal(2, (await store.HeadAsync(default)).Position);
        Assert.Equal(length, new FileInfo(_directory.LastSegment).Length);
    }

    [Fact]
    public async Task Open_any_flipped_byte_before_the_last_batch_is_refused_and_changes_nothing()
    {
        await FillAsync(3);
        var whole = await File.ReadAllBytesAsync(_directory.LastSegment);
        var starts = LineStarts(whole);
        for (var at = 0; at < starts[^1] - 1; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x20;
            await WriteLastAsync(damaged);

            var failure = await Assert.ThrowsAsync<StoreException>(_directory.OpenAsync);

            Assert.Equal(StoreFailure.Corrupt, failure.Failure);
            var line = starts.Last(s => s <= at);
            Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{_directory.LastSegment} is damaged at byte {line}:"), failure.Message, StringComparison.Ordinal);
            Assert.Equal(damaged, await File.ReadAllBytesAsync(_directory.LastSegment));
        }
    }

    [Fact]
    public async Task Open_flipped_byte_at_the_end_of_an_earlier_segment_is_refused()
    {
        await FillAsync(20);
        var first = _directory.Segments.First();
        var bytes = await File.ReadAllBytesAsync(first);
        bytes[^2] ^= 1;
        await File.WriteAllBytesAsync(first, bytes);

        var failure = await Assert.ThrowsAsync<StoreException>(_directory.OpenAsync);

        Assert.Equal(StoreFailure.Corrupt, failure.Failure);
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{first} is damaged at byte {LineStarts(bytes)[^1]}:"), failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Open_segment_missing_is_refused(int index)
    {
        await FillAsync(40);
        Assert.True(_directory.Segments.Count() > 2);
        File.Delete(_directory.Segments.ElementAt(index));

        var failure = await Assert.ThrowsAsync<StoreException>(_directory.OpenAsync);

        Assert.Equal(StoreFailure.Corrupt, failure.Failure);
        Assert.Contains("missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_earlier_segment_cut_short_is_refused()
    {
        await FillAsync(20);
        await using (var file = File.OpenWrite(_directory.Segments.First()))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.Equal(StoreFailure.Corrupt, (await Assert.ThrowsAsync<StoreException>(_directory.OpenAsync)).Failure);
    }

    [Fact]
    public async Task Open_new_segment_torn_in_its_header_is_begun_again()
    {
        await FillAsync(20);
        var last = _directory.LastSegment;
        var header = LineStarts(await File.ReadAllBytesAsync(last))[1];
        var head = Segment.ReadHeader(last, Segment.BaseOf(last)!.Value, (await File.ReadAllBytesAsync(last)).AsMemory(0, header - 1)).FirstPosition - 1;
        var headerBytes = (await File.ReadAllBytesAsync(last)).AsMemory(0, header).ToArray();
        for (var length = 0; length < header; length++)
        {
            await File.WriteAllBytesAsync(last, headerBytes.AsMemory(0, length));

            await using var store = await _directory.OpenAsync();

            Assert.Equal(head, (await store.HeadAsync(default)).Position);
            Assert.Equal(headerBytes, await File.ReadAllBytesAsync(last));
        }

        await FillAsync(1);
        await using var again = await _directory.OpenAsync();
        Assert.Equal(head + 1, (await Sample.AllAsync(again)).Count);
    }

    [Fact]
    public async Task Open_sound_line_that_does_not_follow_is_refused()
    {
        await FillAsync(2);
        var bytes = await File.ReadAllBytesAsync(_directory.LastSegment);
        var last = bytes.AsMemory(LineStarts(bytes)[^1]);
        await File.AppendAllBytesAsync(_directory.LastSegment, last);

        var failure = await Assert.ThrowsAsync<StoreException>(_directory.OpenAsync);

        Assert.Equal(StoreFailure.Corrupt, failure.Failure);
        Assert.Contains("Position 2 does not follow 2", failure.Message, StringComparison.Ordinal);
    }

    private static ScopeId Scope { get; } = ScopeId.Org("org-1");

    private static List<int> LineStarts(byte[] bytes)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < bytes.Length - 1; i++)
        {
            if (bytes[i] == (byte)'\n')
            {
                starts.Add(i + 1);
            }
        }

        return starts;
    }

    private async Task FillAsync(int changes)
    {
        await using var store = await _directory.OpenAsync();
        var layer = (await store.LoadAsync([Scope], default)) is [var stored] ? stored.Layer : null;
        for (var i = 0; i < changes; i++)
        {
            layer = await store.CommitAsync(Sample.Put(Scope, before: layer), layer);
        }
    }

    /// <summary>Appends changes that are surely committed together: the disk is held up until all of them wait.</summary>
    private async Task AppendBatchAsync(int changes)
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
        var first = store.CommitAsync(Sample.Put(ScopeId.Org("first")));
        await reached.WaitAsync();
        var rest = Enumerable.Range(1, changes).Select(i => store.CommitAsync(Sample.Put(ScopeId.Org($"batch-{i}")))).ToList();
        go.Set();
        await Task.WhenAll([first, .. rest]);
        _directory.Files.OnFlush = null;
    }

    private Task WriteLastAsync(ReadOnlyMemory<byte> bytes) => File.WriteAllBytesAsync(_directory.LastSegment, bytes);
}
