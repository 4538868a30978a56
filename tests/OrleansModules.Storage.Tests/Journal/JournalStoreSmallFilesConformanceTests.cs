using OrleansModules.Core.Stores;
using OrleansModules.Storage.Conformance;

namespace OrleansModules.Storage.Tests.Journal;

/// <summary>The journal keeps the promises of every store when segments and snapshots come every few changes.</summary>
public sealed class JournalStoreSmallFilesConformanceTests : ScopeStoreReadingConformance
{
    private readonly JournalDirectory _directory = new() { SegmentBytes = 4096, SnapshotEveryBytes = 4096 };

    protected override async Task<IScopeStore> OpenStoreAsync() => await _directory.OpenAsync();

    protected override Task RemoveStoreAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }
}
