using Microsoft.Extensions.Logging.Abstractions;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Journal;

namespace OrleansModules.Storage.Tests.Journal;

/// <summary>Who may open a journal, and with which settings.</summary>
public sealed class JournalOpeningTests : IDisposable
{
    private readonly JournalDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Open_directory_in_use_is_refused_until_it_is_free()
    {
        var store = await _directory.OpenAsync();

        var failure = await Assert.ThrowsAsync<StoreException>(_directory.OpenAsync);

        Assert.Equal(StoreFailure.InUse, failure.Failure);
        Assert.Contains(_directory.Path, failure.Message, StringComparison.Ordinal);
        await store.DisposeAsync();
        await (await _directory.OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task Open_failed_leaves_the_directory_free()
    {
        var segment = Path.Combine(_directory.Path, "0000000000000001.journal");
        await File.WriteAllTextAsync(segment, "");
        Assert.Equal(StoreFailure.Corrupt, (await Assert.ThrowsAsync<StoreException>(_directory.OpenAsync)).Failure);

        File.Delete(segment);
        await (await _directory.OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task Open_directory_under_a_file_is_refused_as_misconfigured()
    {
        var file = Path.Combine(_directory.Path, "file");
        await File.WriteAllTextAsync(file, "");

        foreach (var path in new[] { file, Path.Combine(file, "below") })
        {
            var failure = await Assert.ThrowsAsync<StoreException>(() => _directory.OpenAsync(path));

            Assert.Equal(StoreFailure.Misconfigured, failure.Failure);
            Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Open_settings_out_of_range_are_all_named()
    {
        var options = new JournalOptions { DataDirectory = " ", SegmentBytes = 1, SnapshotEveryBytes = long.MaxValue, IdempotencyRetention = TimeSpan.Zero };

        var failure = await Assert.ThrowsAsync<StoreException>(
            () => JournalStore.OpenAsync(options, TimeProvider.System, NullLogger<JournalStore>.Instance, CancellationToken.None));

        Assert.Equal(StoreFailure.Misconfigured, failure.Failure);
        Assert.All(
            [nameof(options.DataDirectory), nameof(options.SegmentBytes), nameof(options.SnapshotEveryBytes), nameof(options.IdempotencyRetention)],
            name => Assert.Contains(name, failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_canceled_before_throws_and_leaves_the_directory_free()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => JournalStore.OpenAsync(
            new JournalOptions { DataDirectory = _directory.Path }, TimeProvider.System, NullLogger<JournalStore>.Instance, new CancellationToken(canceled: true)));

        await (await _directory.OpenAsync()).DisposeAsync();
    }
}
