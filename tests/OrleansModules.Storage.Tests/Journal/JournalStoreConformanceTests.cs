using OrleansModules.Core.Stores;
using OrleansModules.Storage.Conformance;

namespace OrleansModules.Storage.Tests.Journal;

/// <summary>The journal keeps the promises of every store.</summary>
public sealed class JournalStoreConformanceTests : ScopeStoreReadingConformance
{
    private readonly JournalDirectory _directory = new();

    protected override async Task<IScopeStore> OpenStoreAsync() => await _directory.OpenAsync();

    protected override Task RemoveStoreAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }
}
