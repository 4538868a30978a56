using OrleansModules.Core.Json;
using OrleansModules.Core.Usage;
using OrleansModules.Storage.Conformance;
using OrleansModules.Storage.Usage;

namespace OrleansModules.Storage.Tests.Usage;

/// <summary>Usage files keep the promises of every usage store, and what is torn does not spoil the rest.</summary>
public sealed class UsageFilesTests : UsageStoreConformance
{
    private static readonly DateOnly Day = new(2030, 2, 3);

    private readonly string _directory = Directory.CreateTempSubdirectory("usage-").FullName;
    private UsageFiles? _files;

    protected override Task<IUsageStore> OpenStoreAsync() => Task.FromResult<IUsageStore>(_files = new UsageFiles(_directory));

    protected override Task RemoveStoreAsync()
    {
        _files?.Dispose();
        Directory.Delete(_directory, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Torn_line_is_passed_by()
    {
        var one = new UsageEvent("kb", "acme", null, null, "use", 1, Day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), JsonObjectValue.Empty);
        await _files!.WriteAsync([one, one], default);
        var path = Directory.GetFiles(_directory).Single();
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path))[..^10]);
        await _files.WriteAsync([one], default);
        await _files.RollUpAsync(Day, Day, default);
        Assert.Equal([new DailyUsage(Day, "kb", "use", 2, 2, 0, 0)], await _files.DailyAsync(new UsageQuery("acme", null, Day, Day), default));
    }
}
