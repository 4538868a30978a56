using OrleansModules.Core.Audit;
using OrleansModules.Core.Scopes;
using OrleansModules.Storage.Audit;

namespace OrleansModules.Storage.Tests.Audit;

public sealed class AuditFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("modules-audit-").FullName;

    [Fact]
    public async Task Trail_goes_on_after_a_restart_and_every_entry_reads_back_as_it_was_written()
    {
        var entry = Entry(1) with { OnBehalfOf = "otto", From = "::1", OrgId = "acme", Target = "kb \"ä\n", Code = "c", ChangePosition = 7, Repeats = 3 };
        using (var first = Open())
        {
            await first.AppendAsync(entry, default);
        }

        using var second = Open();
        await second.AppendAsync(Entry(2), default);

        Assert.Equal([Entry(2) with { Position = 2 }, entry with { Position = 1 }], await ReadAsync(second));
    }

    [Fact]
    public async Task Line_that_a_crash_cut_short_is_cut_and_the_trail_goes_on()
    {
        using (var first = Open())
        {
            await first.AppendAsync(Entry(1), default);
        }

        await File.AppendAllTextAsync(Assert.Single(Directory.GetFiles(_directory)), """{"position":2,"at":""");
        using var second = Open();
        await second.AppendAsync(Entry(2), default);

        Assert.Equal([2, 1], (await ReadAsync(second)).Select(e => e.Position));
    }

    [Fact]
    public async Task Oldest_file_goes_when_there_are_more_than_are_kept()
    {
        using var log = new AuditFiles(new AuditFileOptions { Directory = _directory, SegmentBytes = 4096, MaxSegments = 3 });
        for (var i = 1; i <= 200; i++)
        {
            await log.AppendAsync(Entry(i), default);
        }

        var positions = (await ReadAsync(log)).Select(e => e.Position).ToList();

        Assert.Equal(3, Directory.GetFiles(_directory).Length);
        Assert.Equal(200, positions[0]);
        Assert.InRange(positions[^1], 100, 190);
        Assert.Equal(Enumerable.Range((int)positions[^1], positions.Count).Reverse(), positions.Select(p => (int)p));
        Assert.Equal([150, 149], (await log.ReadAsync(new AuditQuery(ScopeId.System, 2) { Before = 151 }, default)).Select(e => e.Position));
    }

    [Fact]
    public async Task Entries_of_one_file_are_readable_by_its_owner_only()
    {
        using var log = Open();
        await log.AppendAsync(Entry(1), default);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(_directory))));
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static AuditEntry Entry(int second) => new()
    {
        At = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(second), Subject = "ann", Action = "change-modules", Operation = "op", Scope = ScopeId.Workspace("w1"),
        Outcome = AuditOutcome.Done, TraceId = "t",
    };

    private AuditFiles Open() => new(new AuditFileOptions { Directory = _directory });

    private static async Task<IReadOnlyList<AuditEntry>> ReadAsync(AuditFiles log) => await log.ReadAsync(new AuditQuery(ScopeId.System, 1000), default);
}
